package dev.twintail.cli;

import dev.twintail.app.RequestException;

/** The command line asks for something that cannot be. The message is one line for the user. */
final class UsageException extends RequestException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
