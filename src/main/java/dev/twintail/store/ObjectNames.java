package dev.twintail.store;

import java.util.regex.Pattern;

/** The grammar of object names. */
final class ObjectNames {
  private static final Pattern VALID =
      Pattern.compile("(?!tmp(/|\\z))(?!\\.\\.?(/|\\z))[\\w.-]+(/(?!\\.\\.?(/|\\z))[\\w.-]+)*+");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");

  /** The longest key that S3 takes. */
  private static final int MAX_LENGTH = 1024;

  private ObjectNames() {}

  static boolean isValid(String name) {
    return name.length() <= MAX_LENGTH && VALID.matcher(name).matches();
  }

  /** Returns whether a name may start so. */
  static boolean isPrefix(String prefix) {
    String folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    return folder.isEmpty() || isValid(folder + "x");
  }

  /** Returns the name in quotes, on one line whatever it holds, for messages. */
  static String quoted(String name) {
    return "'" + UNPRINTABLE.matcher(name).replaceAll("?") + "'";
  }
}
