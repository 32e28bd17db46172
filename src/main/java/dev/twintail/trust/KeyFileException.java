package dev.twintail.trust;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file does not hold a key that may be used. The message is one line for the user. */
public final class KeyFileException extends IOException {
  private static final long serialVersionUID = 1L;

  KeyFileException(String message) {
    super(message);
  }

  KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Tells why a file could not be read or written.
   *
   * @param verb to stand after "Cannot"
   */
  static KeyFileException of(String verb, Path file, IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    if (cause instanceof NoSuchFileException) {
      reason = "no such file";
    } else if (cause instanceof FileSystemException e) {
      // The message would name the file again.
      reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }
    return new KeyFileException("Cannot " + verb + " the key " + file + ": " + reason, cause);
  }
}
