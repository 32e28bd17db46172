package dev.twintail.report;

import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many claims of an experiment have which verdict: counted here for all who tell it, over all
 * rows of {@code published.arrow}.
 *
 * @param byVerdict in the order in which they are told
 */
public record ClaimCounts(Map<String, Integer> byVerdict) {
  private static final List<String> ORDER =
      List.of(
          "consistent",
          "reproduced",
          "above",
          "below",
          "undecided",
          "inconclusive",
          "other conditions");

  public ClaimCounts {
    byVerdict = Collections.unmodifiableMap(new LinkedHashMap<>(byVerdict));
  }

  static ClaimCounts of(List<String> verdicts) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    ORDER.forEach(verdict -> counts.put(verdict, 0));
    verdicts.forEach(verdict -> counts.merge(verdict, 1, Integer::sum));
    counts.values().removeIf(count -> count == 0);
    return new ClaimCounts(counts);
  }

  /** Counts the rows of {@code published.arrow}. */
  public static ClaimCounts of(Table published) {
    return of(published.strings("verdict"));
  }

  /** Returns the number of claims. */
  public int total() {
    return byVerdict.values().stream().mapToInt(i -> i).sum();
  }

  /** Returns the counts, such as {@code 3 reproduced, 1 below, 2 other conditions}. */
  public String words() {
    List<String> words = new ArrayList<>();
    byVerdict.forEach((verdict, count) -> words.add(count + " " + verdict));
    return String.join(", ", words);
  }
}
