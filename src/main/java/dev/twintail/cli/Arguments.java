package dev.twintail.cli;

import dev.twintail.spec.Hint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Words of the command line that are more than text. */
final class Arguments {
  /** With a zero in front, half of all programs read another number. */
  private static final Pattern WHOLE = Pattern.compile("[+-]?(0|[1-9][0-9]*)");

  private Arguments() {}

  static int integer(String text) {
    long value = whole(text);
    if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
      throw new TypeConversionException("'" + text + "' is too large");
    }
    return (int) value;
  }

  static long whole(String text) {
    if (!WHOLE.matcher(text).matches()) {
      boolean zeros = text.matches("[+-]?0[0-9]+");
      throw new TypeConversionException(
          "'" + text + "' is no whole number" + (zeros ? ": leave out the zeros in front" : ""));
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is too large");
    }
  }

  /** Returns the constant of that word, in any case. */
  static <E extends Enum<E>> E constant(String text, E[] constants) {
    List<String> words =
        Arrays.stream(constants).map(c -> c.name().toLowerCase(Locale.ROOT)).toList();
    int index = words.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new TypeConversionException("there is no '" + text + "'; " + Hint.forName(text, words));
    }
    return constants[index];
  }
}
