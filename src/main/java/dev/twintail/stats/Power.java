package dev.twintail.stats;

import java.util.function.IntToDoubleFunction;

/**
 * How surely a two-sided t test at 5 % tells a true difference, by the noncentral t distribution,
 * and how many rounds that takes.
 *
 * <p>What an observation is decides what the answer is about. For rounds that share nothing, or
 * differences of two models on the same pairs, {@code std} is that of a round. Where rounds share a
 * draw, an observation is a table, and {@code std} is √(pairs + rest / rounds) by {@link
 * VarianceComponents}.
 *
 * @param difference to be told, not 0
 * @param std of one observation, or of one paired difference; above 0
 */
public record Power(double difference, double std) {
  private static final double LEVEL = 0.05;
  private static final int MOST = 1_000_000;

  /** ln of what is too small to add to an integral. */
  private static final double NEGLIGIBLE = -45;

  /** So many times the critical value is far beyond it, however heavy the tails. */
  private static final double CERTAIN = 40;

  public Power {
    if (!(Math.abs(difference) > 0) || !Double.isFinite(difference)) {
      throw new IllegalArgumentException("Cannot tell a difference of " + difference);
    }
    if (!(std > 0) || !Double.isFinite(std)) {
      throw new IllegalArgumentException("Cannot have the deviation " + std);
    }
  }

  /** Returns the power of the paired t test over n ≥ 2 differences. */
  public double paired(int n) {
    return twoSided(n - 1.0, Math.abs(difference) / std * Math.sqrt(n));
  }

  /** Returns the power of the t test of two samples of n ≥ 2 each, of equal variance. */
  public double unpaired(int n) {
    return twoSided(2 * (n - 1.0), Math.abs(difference) / std * Math.sqrt(n / 2.0));
  }

  /**
   * Returns the least number of paired differences that has this power.
   *
   * @param power above 0.05, below 1
   */
  public Answer<Integer> pairsFor(double power) {
    return least(power, this::paired);
  }

  /** Returns the least number of observations on each side that has this power. */
  public Answer<Integer> eachFor(double power) {
    return least(power, this::unpaired);
  }

  /** Power rises with n, so that halving finds it. */
  private static Answer<Integer> least(double power, IntToDoubleFunction test) {
    if (!(power > LEVEL && power < 1)) {
      throw new IllegalArgumentException("Cannot plan for a power of " + power);
    }
    int enough = 2;
    while (test.applyAsDouble(enough) < power) {
      if (enough >= MOST) {
        return Answer.none("More than " + MOST + " would be needed.");
      }
      enough *= 2;
    }
    int few = enough / 2;
    while (enough - few > 1) {
      int n = few + (enough - few) / 2;
      if (test.applyAsDouble(n) < power) {
        few = n;
      } else {
        enough = n;
      }
    }
    return Answer.of(enough);
  }

  /** Returns P(|T| > t₀.₉₇₅) of the noncentral t with this noncentrality, at least 0. */
  private static double twoSided(double degrees, double noncentrality) {
    double critical = new StudentT(degrees).quantile(1 - LEVEL);
    // The grid below is as fine as δ is large, and would take for ever. Here the power differs from
    // 1 by P(Z > 20) + P(χ² / ν > 400) at most, far below its last bit.
    if (noncentrality > CERTAIN * (critical + 1)) {
      return 1;
    }
    // T = (Z + δ) / u with u² = χ² / ν. Over s = ln u the density is smooth and falls off at both
    // ends, where sums over a regular grid converge like no other rule.
    double a = degrees / 2;
    double top =
        StrictMath.log(2) + StrictMath.log(a / (2 * StrictMath.PI)) / 2 - Gamma.correction(a);
    double step = Math.min(1 / (8 * Math.sqrt(a)), 1 / (4 * (1 + noncentrality)));
    double sum = 0;
    for (int direction = -1; direction <= 1; direction += 2) {
      for (int i = direction < 0 ? 0 : 1; ; i++) {
        double s = direction * i * step;
        double log = a * (2 * s - StrictMath.expm1(2 * s));
        if (log < NEGLIGIBLE) {
          break;
        }
        double bar = critical * StrictMath.exp(s);
        sum +=
            StrictMath.exp(top + log)
                * (Normal.above(bar - noncentrality) + Normal.above(bar + noncentrality));
      }
    }
    return Math.min(1, sum * step);
  }
}
