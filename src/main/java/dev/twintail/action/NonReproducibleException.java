package dev.twintail.action;

import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An action that was run twice and put out different bytes. Either something that matters is
 * missing from its key, or the stage is not deterministic. Both results are kept.
 */
public final class NonReproducibleException extends Exception {
  private static final long serialVersionUID = 1L;

  NonReproducibleException(
      ActionKey key, Manifest recorded, Manifest rejected, String rejectedName) {
    super(
        ("Cannot record action %s…: it was recorded before with other bytes in %s;"
                + " the first result stays, the other is kept as %s; raise the stage's"
                + " version if the change is meant")
            .formatted(
                key.abbreviated(), String.join(", ", differing(recorded, rejected)), rejectedName));
  }

  private static SortedSet<String> differing(Manifest a, Manifest b) {
    SortedSet<String> names = new TreeSet<>(a.outputs().keySet());
    names.addAll(b.outputs().keySet());
    names.removeIf(name -> Objects.equals(a.outputs().get(name), b.outputs().get(name)));
    return names;
  }
}
