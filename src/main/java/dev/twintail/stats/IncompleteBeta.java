package dev.twintail.stats;

/**
 * The regularised incomplete beta function Iₓ(a, b), from which the tails of Student's t, F and the
 * binomial distribution follow.
 *
 * <p>Everything here is arithmetic, square roots and {@link StrictMath}, whose bits no JVM may
 * change. Libraries take {@code Math.exp}, {@code log} and {@code pow}, which a JVM replaces by its
 * processor's own, other in the last bit; no rounding afterwards mends that, since some number
 * always lies where the rounding turns.
 *
 * @see <a href="https://dlmf.nist.gov/8.17">DLMF 8.17</a>, 8.17.22 for the continued fraction
 */
final class IncompleteBeta {
  private static final int MOST_TERMS = 100_000;

  private IncompleteBeta() {}

  /**
   * Returns Iₓ(a, b).
   *
   * @param x from 0 to 1
   * @param y 1 − x; given for its own digits, where x is near 1
   * @param a above 0
   * @param b above 0
   */
  static double of(double x, double y, double a, double b) {
    if (Double.isNaN(x) || Double.isNaN(y)) {
      throw new IllegalArgumentException("Cannot have the argument " + x + ", " + y);
    }
    if (x <= 0) {
      return 0;
    }
    if (y <= 0) {
      return 1;
    }
    // The continued fraction converges fast on this side of the mean.
    return x <= (a + 1) / (a + b + 2)
        ? power(x, y, a, b) * fraction(x, a, b) / a
        : 1 - power(y, x, b, a) * fraction(y, b, a) / b;
  }

  /** Returns xᵃ yᵇ / B(a, b), without the cancellation of three large logarithms of Γ. */
  private static double power(double x, double y, double a, double b) {
    double offset = x * b - a * y;
    double log =
        a * logOf(x * ((a + b) / a), offset / a)
            + b * logOf(y * ((a + b) / b), -offset / b)
            + Gamma.correction(a + b)
            - Gamma.correction(a)
            - Gamma.correction(b);
    return StrictMath.exp(log) * Math.sqrt(a / (a + b) * b / (2 * StrictMath.PI));
  }

  /** Returns ln ratio, from what keeps its digits: the ratio itself, or what it is above 1. */
  private static double logOf(double ratio, double excess) {
    return Math.abs(excess) < 0.5 ? StrictMath.log1p(excess) : StrictMath.log(ratio);
  }

  /** Evaluates the continued fraction by the method of Lentz. */
  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / Gamma.atLeastTiny(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m <= MOST_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / Gamma.atLeastTiny(1 + even * d);
      c = Gamma.atLeastTiny(1 + even / c);
      value *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / Gamma.atLeastTiny(1 + odd * d);
      c = Gamma.atLeastTiny(1 + odd / c);
      value *= d * c;
      if (Math.abs(d * c - 1) < 1e-15) {
        return value;
      }
    }
    throw new ArithmeticException("Cannot find I_" + x + "(" + a + ", " + b + ")");
  }
}
