package dev.twintail.check;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Cases of one kind.
 *
 * @param name what kind, such as {@code claims}
 * @param file that tells what is expected, as the user would name it
 * @param properties what helps to understand a failure, by name
 */
public record Suite(
    String name, String file, List<Case> cases, SortedMap<String, String> properties) {
  public Suite {
    cases = List.copyOf(cases);
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
  }

  /** Returns a suite without properties. */
  public static Suite of(String name, String file, List<Case> cases) {
    return new Suite(name, file, cases, new TreeMap<>());
  }

  public List<Case> failures() {
    return cases.stream().filter(one -> one.failure().isPresent()).toList();
  }

  /** Returns what could not be checked. */
  public List<Case> skipped() {
    return cases.stream().filter(one -> one.skipped().isPresent()).toList();
  }

  /** Returns one line for people, such as {@code claims: 8 of 11 as expected, 3 not checked}. */
  public String words() {
    int skipped = skipped().size();
    return "%s: %s of %s as expected%s"
        .formatted(
            name,
            cases.size() - failures().size() - skipped,
            cases.size(),
            skipped == 0 ? "" : ", " + skipped + " not checked");
  }
}
