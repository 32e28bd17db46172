package dev.twintail.check;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that was checked of one experiment. It holds no time, no host and no folder, so that the same
 * results give the same reports.
 *
 * @param title of its tables, for people
 * @param claims what became of the published numbers, in the order of the spec
 * @param expected the verdicts that they are known to have
 * @param suites what was checked: the claims, then what else there is
 * @param remarks what else is to be known, such as a second engine's opinion; checked by nothing
 * @param results SHA-256 of the files of the results, by name
 */
public record CheckReport(
    String experiment,
    String title,
    int rounds,
    List<JudgedClaim> claims,
    Verdicts expected,
    List<Suite> suites,
    List<String> remarks,
    SortedMap<String, String> results) {
  public CheckReport {
    claims = List.copyOf(claims);
    suites = List.copyOf(suites);
    remarks = List.copyOf(remarks);
    results = Collections.unmodifiableSortedMap(new TreeMap<>(results));
  }

  /** Returns how many cases failed. */
  public int failed() {
    return suites.stream().mapToInt(suite -> suite.failures().size()).sum();
  }

  /** Returns how many verdicts there are of each kind, by its word. */
  public SortedMap<String, Integer> verdicts() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    claims.forEach(claim -> counts.merge(claim.found().verdict(), 1, Integer::sum));
    return Collections.unmodifiableSortedMap(counts);
  }

  /** Returns the verdicts' counts for people, such as {@code 3 below, 8 reproduced}. */
  String verdictWords() {
    StringBuilder words = new StringBuilder();
    for (Map.Entry<String, Integer> count : verdicts().entrySet()) {
      words
          .append(words.isEmpty() ? "" : ", ")
          .append(count.getValue())
          .append(' ')
          .append(count.getKey());
    }
    return words.toString();
  }
}
