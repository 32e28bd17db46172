package dev.twintail.cli;

import dev.twintail.spec.Hint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Words of the command line that are more than text. A class of its own, since picocli's are too
 * old for a class archive: on a lambda that implements one of them the JVM that records it crashes.
 */
final class Arguments<T> implements ITypeConverter<T> {
  /** With a zero in front, half of all programs read another number. */
  private static final Pattern WHOLE = Pattern.compile("[+-]?(0|[1-9][0-9]*)");

  private final Function<String, T> reading;

  Arguments(Function<String, T> reading) {
    this.reading = reading;
  }

  /** Returns what reads one of these constants. */
  static <E extends Enum<E>> Arguments<E> of(E[] constants) {
    return new Arguments<>(text -> constant(text, constants));
  }

  @Override
  public T convert(String text) {
    return reading.apply(text);
  }

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
  private static <E extends Enum<E>> E constant(String text, E[] constants) {
    List<String> words = Arrays.stream(constants).map(Words::of).toList();
    int index = words.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new TypeConversionException("there is no '" + text + "'; " + Hint.forName(text, words));
    }
    return constants[index];
  }
}
