package dev.twintail.trust;

import dev.twintail.blob.FileFailure;
import java.io.IOException;
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
    return new KeyFileException(
        "Cannot " + verb + " the key " + file + ": " + FileFailure.reason(cause), cause);
  }
}
