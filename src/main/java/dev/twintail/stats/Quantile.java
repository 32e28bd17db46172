package dev.twintail.stats;

import java.util.function.DoubleUnaryOperator;

/** Inverts tails. */
final class Quantile {
  /** What rounding leaves of a difference of logarithms. */
  private static final double CLOSE = 4e-16;

  private Quantile() {}

  /**
   * Returns the x ≥ 0 at which a falling tail reaches {@code target}, to the last bits or so:
   * secants of the tail's logarithm by the Illinois method, in a bracket that is halved now and
   * then.
   *
   * @param tail of a distribution on x ≥ 0, from 1 down to 0
   * @param target above 0, below 1
   * @param guess above 0
   */
  static double ofTail(DoubleUnaryOperator tail, double target, double guess) {
    double low = 0;
    double high = guess;
    while (tail.applyAsDouble(high) > target) {
      low = high;
      high *= 2;
    }
    double goal = StrictMath.log(target);
    double atLow = excess(tail, low, goal);
    double atHigh = excess(tail, high, goal);
    // Illinois: the end that stays twice counts half, so that both ends close in.
    int stayed = 0;
    for (int i = 0; i < 200; i++) {
      double width = high - low;
      double x = high + width * atHigh / (atLow - atHigh);
      if (!(x > low && x < high) || i % 8 == 7) {
        x = low + width / 2;
      }
      if (x <= low || x >= high || width <= 2 * Math.ulp(high)) {
        return x;
      }
      double at = excess(tail, x, goal);
      if (Math.abs(at) <= CLOSE * (1 - goal)) {
        return x;
      }
      if (at > 0) {
        low = x;
        atLow = at;
        atHigh = stayed == 1 ? atHigh / 2 : atHigh;
        stayed = 1;
      } else {
        high = x;
        atHigh = at;
        atLow = stayed == -1 ? atLow / 2 : atLow;
        stayed = -1;
      }
    }
    throw new ArithmeticException("Cannot find the quantile of the tail " + target);
  }

  /** Returns how far the tail is above the goal, in logarithms; finite. */
  private static double excess(DoubleUnaryOperator tail, double x, double goal) {
    double p = tail.applyAsDouble(x);
    return (p <= 0 ? -800 : StrictMath.log(p)) - goal;
  }
}
