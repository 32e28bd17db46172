package dev.twintail.network;

/** The finite numbers from {@code min} to {@code max}, without an open end. */
public record RealRange(double min, double max, Ends ends) {
  /** Which ends belong to the range. */
  public enum Ends {
    BOTH,
    LOWER,
    UPPER
  }

  public boolean contains(double value) {
    return ends == Ends.UPPER
        ? min < value && value <= max
        : ends == Ends.LOWER ? min <= value && value < max : min <= value && value <= max;
  }

  /**
   * Checks a component of a record.
   *
   * @throws IllegalArgumentException if {@code value} is outside or no number
   */
  public void require(String name, double value) {
    if (!contains(value)) {
      throw new IllegalArgumentException("Cannot use " + name + " " + value + ": expected " + this);
    }
  }

  @Override
  public String toString() {
    return "a number "
        + (ends == Ends.UPPER ? "above " : "from ")
        + plain(min)
        + (ends == Ends.LOWER ? " to below " : ends == Ends.UPPER ? " and at most " : " to ")
        + plain(max);
  }

  /** Returns a number without a needless fraction, for messages. */
  public static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
