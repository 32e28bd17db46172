package dev.twintail.spec;

import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Member;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields that a chosen model gives itself. None may be what its sweep chooses: the winner's
 * value would take its place without a word.
 */
final class ChosenFields {
  /** Fields of which the first cannot stand beside the others. */
  private static final Map<String, Set<String>> RIVALS =
      Map.of(
          "alpha", Set.of("target", "digit"),
          "target", Set.of("alpha"),
          "digit", Set.of("alpha"),
          "adam", Set.of("sgd"),
          "sgd", Set.of("adam"));

  /** What names the model and tells of it: it changes no network and no training. */
  private static final Set<String> WORDS = Set.of("chosen-by", "published", "remark");

  private final Mapping own;
  private final String where;

  /**
   * Sees the fields of one model.
   *
   * @param where its path, such as {@code models.Chosen}
   */
  ChosenFields(Mapping own, String where) {
    this.own = own;
    this.where = where;
  }

  /** Returns whether the model gives anything of a network or a training. */
  boolean changeTheModel() {
    return !WORDS.containsAll(own.entries().keySet());
  }

  /** Records each field that stands where the sweep sets one. */
  void check(SweepSpec sweep, Problems problems) {
    for (String path : sweep.paths()) {
      standing(own, where, List.of(path.split("\\.")))
          .ifPresent(
              field ->
                  problems.add(
                      field.at(),
                      ("%s: the sweep '%s' chooses %s; remove it here, or from the steps of"
                              + " sweeps.%s")
                          .formatted(field.path(), sweep.name(), path, sweep.name())));
    }
  }

  private record Standing(Position at, String path) {}

  /** Returns the field at {@code path}, or one that stands in its way. */
  private static Optional<Standing> standing(Mapping mapping, String where, List<String> path) {
    String name = path.get(0);
    boolean named = where.endsWith(".with"); // By the layers, in whatever words.
    for (String rival : named ? Set.<String>of() : RIVALS.getOrDefault(name, Set.of())) {
      Member found = mapping.entries().get(rival);
      if (found != null) {
        return Optional.of(new Standing(found.at(), where + "." + rival));
      }
    }
    Member found = mapping.entries().get(name);
    if (found == null) {
      return Optional.empty();
    }
    String here = where + "." + name;
    return path.size() > 1 && found.value() instanceof Mapping inner
        ? standing(inner, here, path.subList(1, path.size()))
        : Optional.of(new Standing(found.at(), here));
  }
}
