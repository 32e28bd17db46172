package dev.twintail.network;

/** The whole numbers from {@code min} to {@code max}, both included. */
public record WholeRange(long min, long max) {
  public boolean contains(long value) {
    return min <= value && value <= max;
  }

  /**
   * Checks a component of a record.
   *
   * @throws IllegalArgumentException if {@code value} is outside
   */
  public void require(String name, long value) {
    if (!contains(value)) {
      throw new IllegalArgumentException("Cannot use " + name + " " + value + ": expected " + this);
    }
  }

  @Override
  public String toString() {
    return max == Long.MAX_VALUE
        ? "a whole number of at least " + min
        : "a whole number from " + min + " to " + max;
  }
}
