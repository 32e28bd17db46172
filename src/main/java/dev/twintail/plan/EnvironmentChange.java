package dev.twintail.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One field by which two numeric environments differ.
 *
 * @param field such as {@code blas.kernels}
 * @param there its value in the first environment; empty if that has none
 * @param here its value in the second; empty if that has none
 */
public record EnvironmentChange(String field, Optional<String> there, Optional<String> here) {
  /** Returns all differences, in the order of the fields' names. */
  public static List<EnvironmentChange> between(
      Map<String, String> there, Map<String, String> here) {
    SortedSet<String> fields = new TreeSet<>(there.keySet());
    fields.addAll(here.keySet());
    List<EnvironmentChange> changes = new ArrayList<>();
    for (String field : fields) {
      Optional<String> before = Optional.ofNullable(there.get(field));
      Optional<String> now = Optional.ofNullable(here.get(field));
      if (!before.equals(now)) {
        changes.add(new EnvironmentChange(field, before, now));
      }
    }
    return List.copyOf(changes);
  }
}
