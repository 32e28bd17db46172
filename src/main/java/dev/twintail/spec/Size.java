package dev.twintail.spec;

import dev.twintail.network.RealRange;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number in a layer: written out, or a setting of the model, plain ({@code $h}), times, plus or
 * minus a whole number ({@code $channels*2}, {@code $depth-1}).
 */
record Size(String setting, char operator, int operand) {
  private static final String NAME = "[a-z][a-z0-9-]*?";
  private static final Pattern SETTING =
      Pattern.compile("\\$(" + NAME + ")(?:([*+-])([1-9][0-9]?))?");
  private static final Pattern WHOLE = Pattern.compile("[1-9][0-9]*");
  private static final Pattern REAL = Pattern.compile("0?\\.[0-9]{1,6}");

  /** What a size may be. */
  record Limit(long min, long max, String unit) {}

  /**
   * Reads a whole number of so many digits at most, or a setting, whose name goes to {@code
   * settings}; empty if it is neither.
   */
  static Optional<Size> whole(String word, int digits, Set<String> settings) {
    if (WHOLE.matcher(word).matches() && word.length() <= digits) {
      return Optional.of(new Size("", '+', Integer.parseInt(word)));
    }
    return setting(word, settings);
  }

  static Optional<Size> setting(String word, Set<String> settings) {
    Matcher matcher = SETTING.matcher(word);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    settings.add(matcher.group(1));
    boolean plain = matcher.group(2) == null;
    return Optional.of(
        new Size(
            matcher.group(1),
            plain ? '+' : matcher.group(2).charAt(0),
            plain ? 0 : Integer.parseInt(matcher.group(3))));
  }

  /** Returns whether {@code word} is a decimal fraction below 1, such as {@code 0.5}. */
  static boolean isFraction(String word) {
    return REAL.matcher(word).matches();
  }

  /** Returns the number, where it does not hang on a setting. */
  Optional<Integer> fixed() {
    return setting.isEmpty() ? Optional.of(operand) : Optional.empty();
  }

  /**
   * Returns the number under these settings.
   *
   * @throws IllegalArgumentException if the setting is missing, or the number is not whole or not
   *     within {@code limit}
   */
  int value(Map<String, Double> settings, Limit limit) {
    double value = setting.isEmpty() ? operand : real(settings);
    if (value != Math.rint(value) || value < limit.min() || value > limit.max()) {
      throw new IllegalArgumentException(
          "'$%s' makes %s %s; expected a whole number from %s to %s"
              .formatted(setting, RealRange.plain(value), limit.unit(), limit.min(), limit.max()));
    }
    return (int) value;
  }

  /**
   * Returns the number under these settings, which need not be whole.
   *
   * @throws IllegalArgumentException if it is missing
   */
  double real(Map<String, Double> settings) {
    Double value = settings.get(setting);
    if (value == null) {
      throw new IllegalArgumentException(
          "the model sets no '" + setting + "'; write 'with: {" + setting + ": …}'");
    }
    return operator == '*' ? value * operand : operator == '-' ? value - operand : value + operand;
  }
}
