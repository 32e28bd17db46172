package dev.twintail.spec;

import java.nio.file.Path;
import java.util.Optional;

/** Reads files that pin digits, by themselves. */
public final class DigitsFiles {
  private DigitsFiles() {}

  /**
   * Reads {@code file}.
   *
   * @throws SpecException telling all that is wrong with it
   */
  public static DigitsSpec read(Path file) {
    Problems problems = new Problems();
    Optional<DigitsSpec> digits = DigitsReader.read(file, new Position(file, 0), problems);
    problems.raise();
    return digits.orElseThrow();
  }
}
