package dev.twintail.stats;

/**
 * The distribution of a ratio of two mean squares.
 *
 * @param numerator degrees of freedom, above 0
 * @param denominator degrees of freedom, above 0
 */
record FisherF(double numerator, double denominator) {
  /** Returns P(F > f), for f ≥ 0. */
  double above(double f) {
    double top = numerator * f;
    if (Double.isInfinite(top)) {
      return 0;
    }
    double sum = denominator + top;
    return IncompleteBeta.of(denominator / sum, top / sum, denominator / 2, numerator / 2);
  }

  /** Returns the f with P(F > f) = tail. */
  double upperQuantile(double tail) {
    return Quantile.ofTail(this::above, tail, 1);
  }
}
