package dev.twintail.spec;

import java.nio.file.Path;

/**
 * A place in a spec.
 *
 * @param file as the user gave it, or as the referring file leads to it
 * @param line from 1; 0 means the file as a whole
 */
public record Position(Path file, int line) {
  /** Returns {@code path/to/file.yaml:12}. */
  @Override
  public String toString() {
    return line == 0 ? file.toString() : file + ":" + line;
  }
}
