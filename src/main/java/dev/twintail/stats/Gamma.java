package dev.twintail.stats;

/**
 * ln Γ and the regularised incomplete gamma functions, from which the tails of the normal and χ²
 * distributions follow; {@link StrictMath} for the reason told at {@link IncompleteBeta}.
 *
 * @see <a href="https://dlmf.nist.gov/5.11">DLMF 5.11</a> and <a
 *     href="https://dlmf.nist.gov/8.11">8.11</a>
 */
final class Gamma {
  /**
   * Stirling's series B₂ₖ / (2k (2k − 1) z²ᵏ⁻¹), exact to the last bits from {@value #LARGE} on.
   */
  private static final double[] STIRLING = {
    1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0
  };

  private static final double LARGE = 15;
  private static final double TINY = 1e-300;
  private static final int MOST_TERMS = 1_000_000;

  private Gamma() {}

  /** Returns what Stirling's formula lacks: ln Γ(z) − ((z − ½) ln z − z + ½ ln 2π), for z > 0. */
  static double correction(double z) {
    double shifted = z;
    double sum = 0;
    while (shifted < LARGE) {
      sum += (shifted + 0.5) * StrictMath.log1p(1 / shifted) - 1;
      shifted++;
    }
    double series = 0;
    for (int k = STIRLING.length - 1; k >= 0; k--) {
      series = series / (shifted * shifted) + STIRLING[k];
    }
    return sum + series / shifted;
  }

  /** Returns Q(a, x) = 1 − γ(a, x) / Γ(a), for a > 0 and x ≥ 0. */
  static double upper(double a, double x) {
    return x < a + 1 ? 1 - series(a, x) : fraction(a, x);
  }

  /** Returns xᵃ e⁻ˣ / Γ(a). */
  private static double power(double a, double x) {
    double offset = (x - a) / a;
    // Far below a, what x is short of a has lost the digits of x.
    double ratio = Math.abs(offset) < 0.5 ? StrictMath.log1p(offset) : StrictMath.log(x / a);
    double log = a * (ratio - offset) - correction(a);
    return StrictMath.exp(log) * Math.sqrt(a / (2 * StrictMath.PI));
  }

  private static double series(double a, double x) {
    if (x <= 0) {
      return 0;
    }
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n <= MOST_TERMS; n++) {
      term *= x / (a + n);
      sum += term;
      if (term < sum * 1e-17) {
        return sum * power(a, x);
      }
    }
    throw new ArithmeticException("Cannot find P(" + a + ", " + x + ")");
  }

  private static double fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1 / TINY;
    double d = 1 / b;
    double value = d;
    for (int n = 1; n <= MOST_TERMS; n++) {
      double step = -n * (n - a);
      b += 2;
      d = 1 / atLeastTiny(step * d + b);
      c = atLeastTiny(b + step / c);
      value *= d * c;
      if (Math.abs(d * c - 1) < 1e-15) {
        return value * power(a, x);
      }
    }
    throw new ArithmeticException("Cannot find Q(" + a + ", " + x + ")");
  }

  /** Keeps the method of Lentz from dividing by 0. */
  static double atLeastTiny(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }
}
