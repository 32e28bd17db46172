package dev.twintail.spec;

import java.util.Optional;
import java.util.regex.Pattern;

/** The numbers of the YAML 1.2 core schema. */
final class Numbers {
  /** YAML 1.1 reads such a number to base 8, 1.2 to base 10, and people either way. */
  private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9].*");

  private Numbers() {}

  /**
   * Returns a decimal, {@code 0x} or {@code 0o} number; empty if it does not fit 64 bits, or begins
   * with a needless zero.
   */
  static Optional<Long> whole(String text) {
    if (LEADING_ZERO.matcher(text).matches()) {
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
    if (LEADING_ZERO.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? Optional.of(value + 0.0) : Optional.empty();
    } catch (NumberFormatException e) {
      return whole(text).map(Long::doubleValue);
    }
  }
}
