package dev.twintail.stats;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** A number in a sentence: four significant digits, no trailing zeros. */
record Figure(double value) {
  private static final MathContext DIGITS = new MathContext(4);

  @Override
  public String toString() {
    BigDecimal rounded = new BigDecimal(value).round(DIGITS);
    if (rounded.signum() == 0) {
      return "0";
    }
    BigDecimal stripped = rounded.stripTrailingZeros();
    boolean plain = Math.abs(value) >= 1e-6 && Math.abs(value) < 1e7;
    return plain ? stripped.toPlainString() : stripped.toString().toLowerCase(Locale.ROOT);
  }
}
