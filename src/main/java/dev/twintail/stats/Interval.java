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

  static Interval around(double center, double half) {
    return new Interval(center - half, center + half);
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
