package dev.twintail.app;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Names and globs, as people write them: {@code *} stays within a folder and {@code **} does not,
 * {@code ?} is one sign, {@code [abc]} one of these, {@code {a,b}} one of those.
 */
public final class Patterns {
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  private Patterns() {}

  /**
   * Splits arguments at commas and white space, but for what is in braces or brackets: {@code "a,
   * b" c} are three.
   */
  public static List<String> split(List<String> arguments) {
    List<String> all = new ArrayList<>();
    for (String argument : arguments) {
      List<String> parts = parts(argument);
      all.addAll(parts.isEmpty() ? List.of(argument) : parts);
    }
    return all;
  }

  private static List<String> parts(String argument) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      if (depth <= 0 && (c == ',' || Character.isWhitespace(c))) {
        add(part, parts);
      } else {
        part.append(c);
      }
    }
    add(part, parts);
    return parts;
  }

  private static void add(StringBuilder part, List<String> parts) {
    if (part.length() > 0) {
      parts.add(part.toString());
      part.setLength(0);
    }
  }

  /** Returns whether it is a glob and no name. */
  static boolean isGlob(String pattern) {
    return GLOB.matcher(pattern).find();
  }

  /** Returns those of the names that a pattern means, whatever the case. */
  static List<String> matching(String pattern, List<String> names) {
    PathMatcher matcher = matcher(pattern.toLowerCase(Locale.ROOT));
    return names.stream()
        .filter(name -> matcher.matches(Path.of(name.toLowerCase(Locale.ROOT))))
        .toList();
  }

  /** Returns whether one of the patterns, which may have commas, means a name. */
  public static boolean isAnyOf(List<String> patterns, String name) {
    return split(patterns).stream().anyMatch(p -> !matching(p, List.of(name)).isEmpty());
  }

  /**
   * Returns what tells which names are meant.
   *
   * @throws RequestException if it cannot be read
   */
  static PathMatcher matcher(String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (IllegalArgumentException e) {
      throw new RequestException("Cannot read the pattern '" + pattern + "': " + reason(e));
    }
  }

  /** The message of a syntax error would show the pattern again, over several lines. */
  private static @Nullable String reason(IllegalArgumentException e) {
    return e instanceof PatternSyntaxException syntax ? syntax.getDescription() : e.getMessage();
  }
}
