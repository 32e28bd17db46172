package dev.twintail.stats;

/**
 * A confidence interval, both ends included.
 *
 * @param low finite, at most {@code high}
 * @param high finite
 */
public record Interval(double low, double high) {
  public Interval {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
      throw new IllegalArgumentException("Cannot be an interval: [" + low + ", " + high + "]");
    }
  }

  /** Where fractions of 1 can be. */
  public static final Interval FRACTION = new Interval(0, 1);

  /** Where percentages can be. */
  public static final Interval PERCENT = new Interval(0, 100);

  static Interval around(double center, double half) {
    return new Interval(center - half, center + half);
  }

  /**
   * Returns the part within the bounds, which hold what is estimated for certain: the part covers
   * it as often as the whole does, and is shorter. So an interval by Student's t keeps its level
   * and agrees with its p, which an interval by logits would not.
   *
   * @param bounds {@link #FRACTION} or {@link #PERCENT}; they and this have a point in common
   */
  public Interval clippedTo(Interval bounds) {
    return new Interval(Math.max(low, bounds.low), Math.min(high, bounds.high));
  }

  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Tells whether every value is nearer to 0 than the margin. */
  boolean isWithin(double margin) {
    return -margin < low && high < margin;
  }

  /** Returns both ends to four digits, for sentences. */
  String words() {
    return "[" + new Figure(low) + ", " + new Figure(high) + "]";
  }
}
