package dev.twintail.action;

import java.io.IOException;

/** Stored bytes that are not what this program writes: damaged, or of another version. */
public final class MalformedException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }

  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
