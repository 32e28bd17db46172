package dev.twintail.stats;

/** The standard normal distribution. */
final class Normal {
  private Normal() {}

  /** Returns P(Z > z). */
  static double above(double z) {
    double tail = twoSided(z) / 2;
    return z < 0 ? 1 - tail : tail;
  }

  /** Returns the q for which −q to q holds this share of the distribution. */
  static double quantile(double confidence) {
    return Quantile.ofTail(Normal::twoSided, 1 - confidence, 2);
  }

  private static double twoSided(double z) {
    return Gamma.upper(0.5, z * z / 2);
  }
}
