package dev.twintail.stats;

import dev.twintail.stats.SignificanceTest.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One difference a round, tested against 0. All models of a round see the same pairs, so that
 * differences within rounds are free of what the rounds themselves differ by.
 *
 * <p>Accuracies are ratios of counts, whose equal differences may come out unequal in the last bit.
 * So differences whose sizes agree to 10⁻¹² of the largest measurement are made equal, and those
 * that small are made 0: ties are ties, and no test divides by the spread of rounding errors.
 */
public final class Differences {
  private static final double ROUNDING = 1e-12;

  /** What the Wilcoxon test does with rounds in which both models did equally well. */
  public enum Zeros {
    /** They are left out before ranking: Wilcoxon 1945; SciPy's and R's default. */
    DROPPED,
    /** They take the lowest ranks, which then count for neither side: Pratt 1959. */
    RANKED
  }

  private final List<Double> values;
  private final Sample sample;

  private Differences(List<Double> values) {
    this.values = List.copyOf(values);
    this.sample = Sample.of(values);
  }

  /**
   * Returns first minus second, round by round.
   *
   * @throws IllegalArgumentException if the rounds are not as many, or there are none
   */
  public static Differences between(List<Double> first, List<Double> second) {
    requireSameRounds(first, second);
    List<Double> differences = new ArrayList<>();
    double largest = 0;
    for (int i = 0; i < first.size(); i++) {
      differences.add(first.get(i) - second.get(i));
      largest = Math.max(largest, Math.max(Math.abs(first.get(i)), Math.abs(second.get(i))));
    }
    return of(differences, largest);
  }

  static void requireSameRounds(List<Double> first, List<Double> second) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "Cannot pair " + first.size() + " rounds with " + second.size());
    }
  }

  /**
   * Returns the differences without their rounding errors.
   *
   * @param largest the size of the largest measurement they were computed from
   */
  static Differences of(List<Double> differences, double largest) {
    List<Integer> bySize =
        IntStream.range(0, differences.size())
            .boxed()
            .sorted(Comparator.comparing(i -> Math.abs(differences.get(i))))
            .toList();
    List<Double> values = new ArrayList<>(differences);
    double size = 0;
    for (int i : bySize) {
      double value = differences.get(i);
      if (Math.abs(value) - size > ROUNDING * largest) {
        size = Math.abs(value);
      }
      values.set(i, size == 0 ? 0 : Math.copySign(size, value));
    }
    return new Differences(values);
  }

  /** Returns the differences, round 1 first. */
  public List<Double> values() {
    return values;
  }

  /** Returns the mean difference with its spread and its 95 % interval by Student's t. */
  public Sample sample() {
    return sample;
  }

  /** Returns the test of t = mean / (std / √n) with n − 1 degrees of freedom. */
  public SignificanceTest pairedT() {
    return t(Method.PAIRED_T, 1.0 / sample.n());
  }

  /**
   * Returns the conservative line: t = mean / (std · √(1 / n + test / train)) with n − 1 degrees of
   * freedom. Rounds that draw from one pool of images train on overlapping sets; their spread tells
   * too little of how another pool would have come out.
   *
   * @param testToTrain test pairs per training pair of a round, above 0
   * @see <a href="https://doi.org/10.1023/A:1024068626366">Nadeau and Bengio, Inference for the
   *     Generalization Error, 2003</a>
   */
  public SignificanceTest correctedT(double testToTrain) {
    return t(Method.CORRECTED_T, correctedFactor(testToTrain));
  }

  /** Returns the 95 % interval that belongs to {@link #correctedT}. */
  public Answer<Interval> correctedInterval95(double testToTrain) {
    double factor = correctedFactor(testToTrain);
    if (sample.std().isEmpty() || sample.std().get() == 0) {
      return sample.interval95();
    }
    double half =
        new StudentT(sample.n() - 1.0).quantile(Sample.CONFIDENCE)
            * sample.std().get()
            * Math.sqrt(factor);
    return Answer.of(Interval.around(sample.mean(), half));
  }

  private double correctedFactor(double testToTrain) {
    if (!(testToTrain > 0) || !Double.isFinite(testToTrain)) {
      throw new IllegalArgumentException("Cannot have " + testToTrain + " test pairs a train pair");
    }
    return 1.0 / sample.n() + testToTrain;
  }

  /**
   * @param factor the variance of the mean, as a share of that of a round
   */
  private SignificanceTest t(Method method, double factor) {
    int n = sample.n();
    if (sample.std().isEmpty()) {
      return SignificanceTest.none(method, n, sample.noSpread());
    }
    if (sample.std().get() == 0) {
      return SignificanceTest.none(
          method,
          n,
          ("The difference is %s in all %s rounds: without spread there is no t."
                  + " The exact tests still count signs.")
              .formatted(new Figure(sample.mean()), n));
    }
    double t = sample.mean() / (sample.std().get() * Math.sqrt(factor));
    return SignificanceTest.ofT(method, n, t, n - 1.0, "");
  }

  /**
   * Returns the exact Wilcoxon signed-rank test. Tied sizes share the mean of their ranks, and the
   * p counts the signs of just these ranks, so that it is exact with ties too.
   *
   * @see <a href="https://doi.org/10.2307/3001968">Wilcoxon, 1945</a>
   * @see <a href="https://doi.org/10.1080/01621459.1959.10501526">Pratt, 1959</a>
   */
  public SignificanceTest wilcoxon(Zeros zeros) {
    return SignedRanks.of(values, zeros).test();
  }

  /**
   * Returns the sign-flip (one-sample permutation) test of the mean difference: the share of sign
   * patterns whose mean is at least as far from 0. Up to {@value SignFlip#MOST_COUNTED} rounds with
   * a difference all patterns are counted; beyond, they are drawn, and the observed one counts as
   * drawn: p = (1 + as extreme) / (1 + draws).
   *
   * @see <a href="https://doi.org/10.2202/1544-6115.1585">Phipson and Smyth, Permutation P-values
   *     Should Never Be Zero, 2010</a>
   */
  public SignificanceTest signFlip(Resampling resampling) {
    return SignFlip.of(values).test(sample.mean(), resampling);
  }

  /** Returns how often the first is better than the second. */
  public Superiority superiority() {
    return Superiority.of(values);
  }

  /** Says how many rounds have no difference, for the remarks of tests. */
  static String zeroes(int zeros, String treatment) {
    if (zeros == 0) {
      return "";
    }
    return (zeros == 1
            ? "1 round without a difference is "
            : zeros + " rounds without a difference are ")
        + treatment
        + ".";
  }

  /** Returns the result where no round has a difference: every pattern of signs is the same. */
  static SignificanceTest nothingToTell(Method method) {
    return new SignificanceTest(
        method, 0, Optional.of(0.0), Optional.of(1.0), 1, "No round has a difference.");
  }
}
