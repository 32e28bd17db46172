package dev.twintail.stats;

/**
 * Student's t distribution.
 *
 * @param degrees of freedom, above 0; need not be whole
 */
record StudentT(double degrees) {
  /** Returns the q for which −q to q holds this share of the distribution. */
  double quantile(double confidence) {
    return Quantile.ofTail(this::twoSided, 1 - confidence, 2);
  }

  /** Returns P(T > t). */
  double above(double t) {
    double tail = twoSided(t) / 2;
    return t < 0 ? 1 - tail : tail;
  }

  /** Returns P(|T| ≥ |t|). */
  double twoSided(double t) {
    double square = t * t;
    if (Double.isInfinite(square)) {
      return 0;
    }
    double sum = degrees + square;
    return IncompleteBeta.of(degrees / sum, square / sum, degrees / 2, 0.5);
  }
}
