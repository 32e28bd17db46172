package dev.twintail.spec;

/** The finite numbers from {@code min} to {@code max}, without an open end. */
record RealRange(double min, double max, Ends ends) {
  /** Which ends belong to the range. */
  enum Ends {
    BOTH,
    LOWER,
    UPPER
  }

  boolean contains(double value) {
    return ends == Ends.UPPER
        ? min < value && value <= max
        : ends == Ends.LOWER ? min <= value && value < max : min <= value && value <= max;
  }

  /**
   * Checks a component of a record.
   *
   * @throws IllegalArgumentException if {@code value} is outside or no number
   */
  void require(String name, double value) {
    if (!contains(value)) {
      throw new IllegalArgumentException("Cannot use " + name + " " + value + ": expected " + this);
    }
  }

  @Override
  public String toString() {
    return "a number "
        + (ends == Ends.UPPER ? "above " : "from ")
        + Size.plain(min)
        + (ends == Ends.LOWER ? " to below " : ends == Ends.UPPER ? " and at most " : " to ")
        + Size.plain(max);
  }
}
