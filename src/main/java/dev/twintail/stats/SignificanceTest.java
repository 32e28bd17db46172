package dev.twintail.stats;

import java.util.Optional;

/**
 * What a test of "no difference" came to. All tests are two-sided.
 *
 * @param n rounds that the test could use; the Wilcoxon and sign-flip tests learn nothing from a
 *     round without a difference
 * @param statistic t, W⁺ (the sum of the ranks of positive differences), U or the mean difference;
 *     empty where the formula has none
 * @param p empty where the formula gives none; then the remark says why
 * @param smallestP the least p that data with this n could have given; 1 if there is no p
 * @param remark conventions and cautions that belong beside the number, in words
 */
public record SignificanceTest(
    Method method,
    int n,
    Optional<Double> statistic,
    Optional<Double> p,
    double smallestP,
    String remark) {

  /** How the p was computed. */
  public enum Method {
    /** Student's t of paired differences. */
    PAIRED_T("paired t test"),
    /** Student's t with the variance raised for training sets that overlap. */
    CORRECTED_T("corrected t test of Nadeau and Bengio"),
    /** Welch's t of two independent samples. */
    WELCH_T("Welch's t test"),
    /** All signs of the ranks, counted. */
    WILCOXON_EXACT("exact Wilcoxon signed-rank test"),
    /** All splits of the ranks, counted. */
    MANN_WHITNEY_EXACT("exact Mann–Whitney test"),
    /** All signs of the differences, counted. */
    SIGN_FLIP_EXACT("exact sign-flip test"),
    /** Random signs of the differences. */
    SIGN_FLIP_SAMPLED("sampled sign-flip test");

    private final String words;

    Method(String words) {
      this.words = words;
    }

    /** Returns the name of the test, for sentences. */
    public String words() {
      return words;
    }
  }

  public SignificanceTest {
    p.ifPresent(value -> requireProbability("p", value));
    requireProbability("smallest p", smallestP);
    if (p.isEmpty() && remark.isBlank()) {
      throw new IllegalArgumentException("Cannot give neither a p nor a reason");
    }
  }

  static void requireProbability(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("Cannot have the " + what + " " + value);
    }
  }

  static SignificanceTest none(Method method, int n, String reason) {
    return new SignificanceTest(method, n, Optional.empty(), Optional.empty(), 1, reason);
  }

  /** Returns a t test: any p can come out, however few the rounds. */
  static SignificanceTest ofT(Method method, int n, double t, double degrees, String remark) {
    return new SignificanceTest(
        method, n, Optional.of(t), Optional.of(new StudentT(degrees).twoSided(t)), 0, remark);
  }

  /** Returns the least two-sided p of n signs: both ends of 2ⁿ patterns. */
  static double smallestOfSigns(int n) {
    return n == 0 ? 1 : Math.scalb(1.0, 1 - n);
  }

  /**
   * Says that, and why, no data with so many rounds could have reached the level; empty if some
   * could. Then "not significant" is not a finding.
   */
  public Optional<String> refusal(double level) {
    requireProbability("level", level);
    if (p.isEmpty()) {
      return Optional.of(remark);
    }
    if (smallestP <= level) {
      return Optional.empty();
    }
    String reason =
        "The %s cannot reach %s with %s: its smallest p is %s"
            .formatted(method.words(), new Figure(level), rounds(n), new Figure(smallestP));
    return Optional.of(reason + "; " + remedy(level) + ".");
  }

  /** Says what a sign test would need to reach the level. */
  String remedy(double level) {
    if (level == 0) {
      return "no number of rounds can";
    }
    if (method == Method.SIGN_FLIP_SAMPLED) {
      return "draw at least " + (long) Math.ceil(1 / level - 1) + " times";
    }
    int needed = n;
    while (smallestOfSigns(needed) > level) {
      needed++;
    }
    return needed + " such rounds could";
  }

  private static String rounds(int n) {
    return n == 1 ? "1 round that has a difference" : n + " rounds that have a difference";
  }
}
