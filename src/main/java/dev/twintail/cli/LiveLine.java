package dev.twintail.cli;

import java.io.PrintWriter;

/** The one line of a terminal that is written over again and again; nothing where there is none. */
final class LiveLine {
  private final PrintWriter err;
  private final boolean terminal = Boolean.getBoolean("twintail.terminal");
  private boolean ended;

  LiveLine(PrintWriter err) {
    this.err = err;
  }

  /** Returns whether there is a terminal. */
  boolean isSeen() {
    return terminal;
  }

  /**
   * Shows a text in place of what stands there; as much as one row holds, for only one is erased.
   */
  void show(String text) {
    if (terminal && !ended) {
      int most = Terminal.liveWidth() - 1;
      print(text.length() <= most ? text : text.substring(0, most - 1) + "…");
    }
  }

  /** Removes what stands there. */
  void erase() {
    if (terminal) {
      print("");
    }
  }

  /** Removes what stands there, and shows nothing any more. */
  void end() {
    erase();
    ended = true;
  }

  private void print(String text) {
    err.print(PlainWriter.ERASE + text);
    err.flush();
  }
}
