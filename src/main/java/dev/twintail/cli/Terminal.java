package dev.twintail.cli;

import java.util.OptionalInt;

/** The terminal that shows the output, if one does. */
final class Terminal {
  /** Set by the launcher where the standard output is a terminal. */
  static final String COLUMNS = "twintail.columns";

  private static final int LEAST = 40;

  private Terminal() {}

  /** Returns how wide it is; empty where the output is whole, as for a file or a pipe. */
  static OptionalInt width() {
    Integer columns = Integer.getInteger(COLUMNS);
    return columns == null ? OptionalInt.empty() : OptionalInt.of(Math.max(LEAST, columns));
  }
}
