package dev.twintail.check;

import java.io.IOException;
import java.nio.file.Path;

/** A file of verdicts has a line that cannot be read; it has to be written anew. */
public final class VerdictFileException extends IOException {
  private static final long serialVersionUID = 1L;

  VerdictFileException(Path file, int line, Throwable cause) {
    super("Cannot read " + file + ": line " + line + " is garbled", cause);
  }
}
