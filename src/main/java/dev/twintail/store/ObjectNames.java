package dev.twintail.store;

import java.util.regex.Pattern;

/** The grammar of object names. */
final class ObjectNames {
  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");

  /** The longest key that S3 takes. */
  private static final int MAX_LENGTH = 1024;

  private ObjectNames() {}

  static boolean isValid(String name) {
    // No pattern: a plan asks for thousands of objects at its start.
    if (name.length() > MAX_LENGTH || name.equals("tmp") || name.startsWith("tmp/")) {
      return false;
    }
    int start = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/') {
        if (!isSegment(name, start, i)) {
          return false;
        }
        start = i + 1;
      } else if (!isAllowed(c)) {
        return false;
      }
    }
    return isSegment(name, start, name.length());
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  /** Returns whether there is something between two slashes, and neither one dot nor two. */
  private static boolean isSegment(String name, int start, int end) {
    return end > start + 2
        || (end == start + 1 && name.charAt(start) != '.')
        || (end == start + 2 && !name.startsWith("..", start));
  }

  /** Returns whether a name may start so. */
  static boolean isPrefix(String prefix) {
    String folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    return folder.isEmpty() || isValid(folder + "x");
  }

  /** Returns the name in quotes, on one line whatever it holds, for messages. */
  static String quoted(String name) {
    return "'" + printable(name) + "'";
  }

  /** Returns the name on one line, whatever it holds. */
  static String printable(String name) {
    return UNPRINTABLE.matcher(name).replaceAll("?");
  }
}
