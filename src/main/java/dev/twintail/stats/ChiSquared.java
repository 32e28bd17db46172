package dev.twintail.stats;

/**
 * The χ² distribution.
 *
 * @param degrees of freedom, above 0; need not be whole
 */
record ChiSquared(double degrees) {
  /** Returns P(X > x), for x ≥ 0. */
  double above(double x) {
    return Gamma.upper(degrees / 2, x / 2);
  }

  /** Returns the x with P(X > x) = tail. */
  double upperQuantile(double tail) {
    return Quantile.ofTail(this::above, tail, degrees);
  }
}
