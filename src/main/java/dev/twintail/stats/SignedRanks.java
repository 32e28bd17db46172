package dev.twintail.stats;

import dev.twintail.stats.Differences.Zeros;
import dev.twintail.stats.SignificanceTest.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The ranks of the sizes of differences, doubled so that the mean of two ranks is whole.
 *
 * @param doubled twice the rank of each difference that is not 0
 * @param positive twice the sum of the ranks of the positive ones
 */
record SignedRanks(List<Integer> doubled, long positive, String remark) {

  static SignedRanks of(List<Double> differences, Zeros zeros) {
    List<Double> sorted =
        differences.stream()
            .filter(d -> zeros == Zeros.RANKED || d != 0)
            .sorted(Comparator.comparing(Math::abs))
            .toList();
    int[] ranks = doubled(sorted.stream().map(Math::abs).toList(), 0);
    List<Integer> doubled = new ArrayList<>();
    long positive = 0;
    boolean tied = false;
    for (int i = 0; i < ranks.length; i++) {
      if (sorted.get(i) != 0) {
        doubled.add(ranks[i]);
        positive += sorted.get(i) > 0 ? ranks[i] : 0;
        tied |= i > 0 && ranks[i] == ranks[i - 1];
      }
    }
    String zeroes =
        Differences.zeroes(
            differences.size() - doubled.size(),
            zeros == Zeros.DROPPED ? "left out" : "ranked and then ignored (Pratt)");
    String ties = tied ? "Tied sizes share their mean rank." : "";
    return new SignedRanks(List.copyOf(doubled), positive, (zeroes + " " + ties).strip());
  }

  /**
   * Returns twice the rank of each value; those that are equal share the mean of their ranks.
   *
   * @param tolerance how far values may be apart that are equal
   */
  static int[] doubled(List<Double> ascending, double tolerance) {
    int[] doubled = new int[ascending.size()];
    int start = 0;
    while (start < doubled.length) {
      int end = start + 1;
      while (end < doubled.length && ascending.get(end) - ascending.get(start) <= tolerance) {
        end++;
      }
      // The mean of ranks start + 1 to end, twice.
      Arrays.fill(doubled, start, end, start + 1 + end);
      start = end;
    }
    return doubled;
  }

  SignificanceTest test() {
    if (doubled.isEmpty()) {
      return Differences.nothingToTell(Method.WILCOXON_EXACT);
    }
    int n = doubled.size();
    return new SignificanceTest(
        Method.WILCOXON_EXACT,
        n,
        Optional.of(positive / 2.0),
        Optional.of(p()),
        SignificanceTest.smallestOfSigns(n),
        remark);
  }

  /** Twice the smaller tail; both tails are alike, since a sign is as likely as its opposite. */
  private double p() {
    long total = doubled.stream().mapToLong(i -> i).sum();
    int nearer = Math.toIntExact(Math.min(positive, total - positive));
    // Probability of each sum of ranks up to the nearer one, under equally likely signs.
    double[] probability = new double[nearer + 1];
    probability[0] = 1;
    long reached = 0;
    for (int rank : doubled) {
      reached += rank;
      for (int sum = (int) Math.min(nearer, reached); sum >= 0; sum--) {
        double with = sum >= rank ? probability[sum - rank] : 0;
        probability[sum] = (probability[sum] + with) / 2;
      }
    }
    double tail = 0;
    for (double p : probability) {
      tail += p;
    }
    return Math.min(1, 2 * tail);
  }
}
