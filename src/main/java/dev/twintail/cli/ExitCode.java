package dev.twintail.cli;

/** What the program tells its caller. Numbers are stable. */
final class ExitCode {
  static final int OK = 0;
  static final int INTERNAL = 1;
  static final int USAGE = 2;
  static final int SPEC = 3;
  static final int NOT_REPRODUCED = 4;
  static final int NO_DATA = 5;
  static final int STORE = 6;
  static final int NO_RESULTS = 7;
  static final int DAMAGED = 8;
  static final int IN_USE = 9;
  static final int PENDING = 10;
  static final int MEMORY = 11;
  static final int INTERRUPTED = 130;

  /** What a shell calls the end of a program whose reader went away. */
  static final int BROKEN_PIPE = 141;

  private ExitCode() {}
}
