package dev.twintail.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * How values become places in a drawing.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}, more than {@code low}
 * @param from pixels
 * @param to pixels; less than {@code from} for an axis that points up
 * @param ticks round values from low to high
 * @param digits after the point that the ticks need
 */
record Axis(double low, double high, double from, double to, List<Double> ticks, int digits) {
  private static final int MOST_TICKS = 6;

  Axis {
    ticks = List.copyOf(ticks);
  }

  /** Returns an axis from the round value below the least to the round value above the largest. */
  static Axis around(double least, double largest, double from, double to) {
    return of(least, largest, from, to, true);
  }

  /** Returns an axis from exactly {@code low} to exactly {@code high}. */
  static Axis exact(double low, double high, double from, double to) {
    return of(low, high, from, to, false);
  }

  private static Axis of(double low, double high, double from, double to, boolean widen) {
    double least = low;
    double largest = high;
    if (!(largest > least)) {
      least -= 1;
      largest += 1;
    }
    int exponent = -3;
    int factor = 0;
    int[] factors = {1, 2, 5};
    while ((largest - least) / step(factors[factor], exponent) > MOST_TICKS - 1) {
      factor++;
      if (factor == factors.length) {
        factor = 0;
        exponent++;
      }
    }
    double step = step(factors[factor], exponent);
    long first = (long) Math.floor(least / step);
    long last = (long) Math.ceil(largest / step);
    List<Double> ticks = new ArrayList<>();
    for (long i = first; i <= last; i++) {
      // One multiplication or division: a sum of steps would drift.
      double tick = exponent < 0 ? i * factors[factor] / power(-exponent) : i * step;
      if (widen || (tick >= least && tick <= largest)) {
        ticks.add(tick);
      }
    }
    int digits = Math.max(0, -exponent);
    return widen
        ? new Axis(ticks.get(0), ticks.get(ticks.size() - 1), from, to, ticks, digits)
        : new Axis(least, largest, from, to, ticks, digits);
  }

  private static double step(int factor, int exponent) {
    return exponent < 0 ? factor / power(-exponent) : factor * power(exponent);
  }

  /** Exact for the few tens that are asked for, as {@link Math#pow} need not be. */
  private static double power(int exponent) {
    double power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  /** Returns the place of {@code value}, kept within the axis. */
  double at(double value) {
    double inside = Math.max(low, Math.min(high, value));
    return from + (inside - low) / (high - low) * (to - from);
  }

  String label(double tick) {
    return Decimal.of(tick, digits);
  }
}
