package dev.twintail.spec;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The numbers of the YAML 1.2 core schema, but for those that begin with a needless zero: YAML 1.1
 * reads these to base 8, 1.2 to base 10, and people either way. Java's own parsers take more, such
 * as {@code 1d}, and blanks around.
 */
final class Numbers {
  private static final String DIGITS = "(0|[1-9][0-9]*)";
  private static final Pattern WHOLE =
      Pattern.compile("[-+]?" + DIGITS + "|0x[0-9a-fA-F]+|0o[0-7]+");
  private static final Pattern REAL =
      Pattern.compile("[-+]?(\\.[0-9]+|" + DIGITS + "(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private Numbers() {}

  /**
   * Returns a decimal, {@code 0x} or {@code 0o} number; empty if it does not fit 64 bits, or begins
   * with a needless zero.
   */
  static Optional<Long> whole(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      if (text.startsWith("0x")) {
        return Optional.of(Long.parseLong(text.substring(2), 16));
      }
      if (text.startsWith("0o")) {
        return Optional.of(Long.parseLong(text.substring(2), 8));
      }
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Returns a finite number, −0 as 0; empty if there is none. */
  static Optional<Double> real(String text) {
    if (!REAL.matcher(text).matches()) {
      return whole(text).map(Long::doubleValue);
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? Optional.of(value + 0.0) : Optional.empty();
  }
}
