package dev.twintail.stats;

import dev.twintail.stats.SignificanceTest.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The exact test of Mann and Whitney, or Wilcoxon's rank-sum test: whether the values of one sample
 * tend to be larger than those of another. All ways of splitting the ranks count alike; ties share
 * the mean of their ranks, and the p counts the splits of just these ranks, so that it is exact
 * with ties, too.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177730491">Mann and Whitney, 1947</a>
 */
public final class RankSum {
  /** Counting takes time by the fourth power of the rounds. */
  public static final int MOST_COUNTED = 120;

  /** Accuracies are ratios of counts, whose equal values may come out unequal in the last bit. */
  private static final double ROUNDING = 1e-12;

  private final int[] doubled;
  private final int n;
  private final int m;

  /**
   * @param doubled twice the ranks, those of the first sample first
   */
  private RankSum(int[] doubled, int n) {
    this.doubled = doubled;
    this.n = n;
    this.m = doubled.length - n;
  }

  /**
   * Returns the two-sided test of "both samples are of one distribution". Its statistic is U of the
   * first sample: in how many pairs its value is the larger one, ties counting half. p is twice the
   * smaller tail, at most 1; none beyond {@value #MOST_COUNTED} values together.
   *
   * @throws IllegalArgumentException if one of them is empty
   */
  public static SignificanceTest test(List<Double> first, List<Double> second) {
    if (first.isEmpty() || second.isEmpty()) {
      throw new IllegalArgumentException("Cannot compare with no values");
    }
    int all = first.size() + second.size();
    if (all > MOST_COUNTED) {
      return SignificanceTest.none(
          Method.MANN_WHITNEY_EXACT,
          all,
          "The exact Mann–Whitney test is not counted for more than "
              + MOST_COUNTED
              + " rounds together.");
    }
    return new RankSum(ranks(Stream.concat(first.stream(), second.stream()).toList()), first.size())
        .test();
  }

  private static int[] ranks(List<Double> values) {
    List<Integer> order =
        IntStream.range(0, values.size())
            .boxed()
            .sorted(Comparator.comparing(values::get))
            .toList();
    double largest = values.stream().mapToDouble(Math::abs).max().orElse(0);
    int[] ascending =
        SignedRanks.doubled(order.stream().map(values::get).toList(), ROUNDING * largest);
    int[] doubled = new int[ascending.length];
    for (int place = 0; place < ascending.length; place++) {
      doubled[order.get(place)] = ascending[place];
    }
    return doubled;
  }

  private SignificanceTest test() {
    int sum = 0;
    for (int i = 0; i < n; i++) {
      sum += doubled[i];
    }
    return new SignificanceTest(
        Method.MANN_WHITNEY_EXACT,
        n + m,
        Optional.of((sum - n * (n + 1)) / 2.0),
        Optional.of(p(sum)),
        Math.min(1, 2 / splits()),
        "");
  }

  private double splits() {
    double ways = 1;
    for (int i = 1; i <= Math.min(n, m); i++) {
      ways = ways * (n + m - Math.min(n, m) + i) / i;
    }
    return ways;
  }

  /**
   * Ranks are drawn one by one for the first sample: with k of n drawn and r left to look at, the
   * next is drawn with probability (n − k) / r.
   */
  private double p(int observed) {
    int total = 0;
    for (int rank : doubled) {
      total += rank;
    }
    double[][] probability = new double[n + 1][total + 1];
    probability[0][0] = 1;
    int reached = 0;
    for (int i = 0; i < doubled.length; i++) {
      double left = doubled.length - i;
      for (int k = Math.min(i, n); k >= 0; k--) {
        double drawn = (n - k) / left;
        for (int sum = reached; sum >= 0; sum--) {
          double here = probability[k][sum];
          if (here > 0) {
            probability[k][sum] = here * (1 - drawn);
            if (k < n) {
              probability[k + 1][sum + doubled[i]] += here * drawn;
            }
          }
        }
      }
      reached += doubled[i];
    }
    double atMost = 0;
    double atLeast = 0;
    for (int sum = 0; sum <= total; sum++) {
      atMost += sum <= observed ? probability[n][sum] : 0;
      atLeast += sum >= observed ? probability[n][sum] : 0;
    }
    return Math.min(1, 2 * Math.min(atMost, atLeast));
  }
}
