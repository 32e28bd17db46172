package dev.twintail.cli;

import java.util.OptionalInt;

/** The terminals that show the output and the progress, if any do. */
final class Terminal {
  /** Set by the launcher where the standard output is a terminal. */
  static final String COLUMNS = "twintail.columns";

  /** Set by the launcher where the standard error is a terminal. */
  static final String LIVE_COLUMNS = "twintail.live-columns";

  private static final int LEAST = 40;
  private static final int USUAL = 80;

  private Terminal() {}

  /**
   * Returns how wide the one of the output is; empty where the output is whole, as for a file or a
   * pipe.
   */
  static OptionalInt width() {
    Integer columns = Integer.getInteger(COLUMNS);
    return columns == null ? OptionalInt.empty() : OptionalInt.of(Math.max(LEAST, columns));
  }

  /** Returns how wide the one is that shows the progress. */
  static int liveWidth() {
    return Math.max(LEAST, Integer.getInteger(LIVE_COLUMNS, USUAL));
  }
}
