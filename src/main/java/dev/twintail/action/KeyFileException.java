package dev.twintail.action;

import java.io.IOException;

/** A file does not hold a key that may be used. The message is one line for the user. */
public final class KeyFileException extends IOException {
  private static final long serialVersionUID = 1L;

  KeyFileException(String message) {
    super(message);
  }

  KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
