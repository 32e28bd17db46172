package dev.twintail.stats;

import java.util.Optional;

/**
 * Two one-sided tests at 5 % each (TOST): whether the difference is shown to be nearer to 0 than a
 * margin that was stated beforehand.
 *
 * @param margin in units of the measurement, above 0
 * @param interval90 of the difference; inside the margin exactly where both tests reject
 * @param p the larger of the two; empty where there is no spread to test with
 * @see <a href="https://doi.org/10.1007/BF01068419">Schuirmann, 1987</a>
 */
public record Equivalence(double margin, Interval interval90, Optional<Double> p) {
  static final double LEVEL = 0.05;

  public Equivalence {
    requireMargin(margin);
  }

  static void requireMargin(double margin) {
    if (!(margin > 0) || !Double.isFinite(margin)) {
      throw new IllegalArgumentException("Cannot be equivalent within a margin of " + margin);
    }
  }

  /** Tells whether every difference that the data leave possible is inside the margin. */
  public boolean isShown() {
    return interval90.isWithin(margin);
  }
}
