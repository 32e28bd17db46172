package dev.twintail.cli;

import java.util.Locale;

/** Numbers of things, for people. */
final class Counts {
  private Counts() {}

  /**
   * Returns a number and what is counted, such as {@code 1 problem} or {@code 2 problems}.
   *
   * @param noun for one; with an s for more
   */
  static String counted(long number, String noun) {
    return String.format(Locale.ROOT, "%d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
