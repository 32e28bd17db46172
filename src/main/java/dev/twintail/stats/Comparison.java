package dev.twintail.stats;

import dev.twintail.stats.Sample.Interval;
import java.util.Optional;

/**
 * The difference of two independent means, ours minus theirs.
 *
 * @param interval95 by Welch's t, which does not assume equal variances
 */
public record Comparison(double difference, Interval interval95) {
  /** What the interval says; both sides of a single claim are tested at 5 %. */
  public enum Verdict {
    /** The interval holds 0: the data do not contradict the claim. */
    CONSISTENT,
    /** We are above the claim. */
    ABOVE,
    /** We are below the claim. */
    BELOW
  }

  /** Returns the comparison, or empty if one of them has no standard deviation. */
  public static Optional<Comparison> welch(Sample ours, Sample theirs) {
    if (ours.std().isEmpty() || theirs.std().isEmpty()) {
      return Optional.empty();
    }
    double a = ours.std().get() * ours.std().get() / ours.n();
    double b = theirs.std().get() * theirs.std().get() / theirs.n();
    double difference = ours.mean() - theirs.mean();
    if (a + b == 0) {
      return Optional.of(new Comparison(difference, new Interval(difference, difference)));
    }
    // Welch–Satterthwaite.
    double degrees = (a + b) * (a + b) / (a * a / (ours.n() - 1) + b * b / (theirs.n() - 1));
    double half = Sample.tQuantile(degrees) * Math.sqrt(a + b);
    return Optional.of(
        new Comparison(difference, new Interval(difference - half, difference + half)));
  }

  public Verdict verdict() {
    if (interval95.low() > 0) {
      return Verdict.ABOVE;
    }
    return interval95.high() < 0 ? Verdict.BELOW : Verdict.CONSISTENT;
  }
}
