package dev.twintail.spec;

import dev.twintail.spec.DigitsSpec.IdxFile;

/** Writes the file that pins the digits, as {@code DigitsReader} reads it. */
public final class DigitsWriter {
  private DigitsWriter() {}

  /** Returns whether a data set may be called so. */
  public static boolean isName(String name) {
    return DigitsReader.NAME.matcher(name).matches();
  }

  /** Returns the text of the file of data that no mirror has. */
  public static String text(DigitsSpec digits) {
    return """
        # %s images for training, %s for tests; sizes and SHA-256 of the raw files.
        name: %s
        classes: %s
        height: %s
        width: %s
        files:
        %s%s%s%smirrors: [] # addresses ending in '/' under which the files stand, raw or .gz
        """
        .formatted(
            digits.trainCount(),
            digits.testCount(),
            digits.name(),
            digits.classes(),
            digits.height(),
            digits.width(),
            text("train-images", digits.trainImages()),
            text("train-labels", digits.trainLabels()),
            text("test-images", digits.testImages()),
            text("test-labels", digits.testLabels()));
  }

  private static String text(String role, IdxFile file) {
    return "  %s:\n    file: %s\n    bytes: %s\n    sha256: %s\n"
        .formatted(role, file.file(), file.bytes(), file.sha256());
  }
}
