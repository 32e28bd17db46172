package dev.twintail.cli;

/** The store does not hold what was asked for. The message is one line for the user. */
final class NoResultsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoResultsException(String message) {
    super(message);
  }
}
