package dev.twintail.report.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * Numbers as decimals, as {@code String.format} rounds them; but neither locales nor the digits of
 * {@code Double.toString}, which changed between Java versions, make a difference.
 */
public final class Decimal {
  /** As many significant digits as every double keeps. */
  private static final MathContext KEPT = new MathContext(15, RoundingMode.HALF_EVEN);

  private static final Pattern HYPHEN = Pattern.compile("(?<![\\w\\p{L}.)\\]-])-(?=\\d)");

  private Decimal() {}

  /** Returns {@code value} with that many digits after the point; never {@code -0}. */
  public static String of(double value, int digits) {
    return rounded(value, digits).toPlainString();
  }

  /** Returns {@code value} with its sign, unless it is zero after rounding. */
  public static String signed(double value, int digits) {
    BigDecimal rounded = rounded(value, digits);
    return (rounded.signum() > 0 ? "+" : "") + rounded.toPlainString();
  }

  /** Rounds 97.045 up, though the double that stands for it is a little less. */
  private static BigDecimal rounded(double value, int digits) {
    BigDecimal exact = new BigDecimal(value);
    BigDecimal kept = exact.round(KEPT);
    boolean same = kept.doubleValue() == value;
    return (same ? kept : exact).setScale(digits, RoundingMode.HALF_UP);
  }

  /** Returns both ends in brackets, with two digits after the point. */
  public static String interval(double low, double high) {
    return "[" + of(low, 2) + ", " + of(high, 2) + "]";
  }

  /** Returns the same with signs. */
  public static String signedInterval(double low, double high) {
    return "[" + signed(low, 2) + ", " + signed(high, 2) + "]";
  }

  /** Returns a whole number with commas between thousands. */
  public static String grouped(long value) {
    String digits = Long.toString(Math.abs(value));
    StringBuilder text = new StringBuilder(digits);
    for (int i = digits.length() - 3; i > 0; i -= 3) {
      text.insert(i, ',');
    }
    return (value < 0 ? "-" : "") + text;
  }

  /** Returns {@code text} with the sign for minus before its numbers, where a hyphen stands. */
  public static String minus(String text) {
    return HYPHEN.matcher(text).replaceAll("\u2212");
  }

  /** Returns a length or place in a drawing, as short as a tenth of a pixel allows. */
  static String place(double value) {
    String text = of(value, 1);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
