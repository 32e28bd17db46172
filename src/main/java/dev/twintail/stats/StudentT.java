package dev.twintail.stats;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Student's t distribution.
 *
 * @param degrees of freedom, above 0; need not be whole
 */
record StudentT(double degrees) {
  /** Returns the q for which −q to q holds this share of the distribution. */
  double quantile(double confidence) {
    return TDistribution.of(degrees).inverseSurvivalProbability((1 - confidence) / 2);
  }

  /** Returns P(T > t). */
  double above(double t) {
    return TDistribution.of(degrees).survivalProbability(t);
  }

  /** Returns P(|T| ≥ |t|). */
  double twoSided(double t) {
    return Math.min(1, 2 * above(Math.abs(t)));
  }
}
