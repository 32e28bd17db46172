package dev.twintail.spec;

import dev.twintail.spec.DigitsSpec.IdxFile;

/** Writes the file that pins the digits, as {@link DigitsReader} reads it. */
public final class DigitsWriter {
  private DigitsWriter() {}

  /** Returns whether a data set may be called so. */
  public static boolean isName(String name) {
    return DigitsReader.NAME.matcher(name).matches();
  }

  /** Returns the text of the file of data that no mirror has. */
  public static String text(DigitsSpec digits) {
    return "# "
        + digits.trainCount()
        + " images for training, "
        + digits.testCount()
        + " for tests; sizes and SHA-256 of the raw files.\n"
        + "name: "
        + digits.name()
        + "\nclasses: "
        + digits.classes()
        + "\nheight: "
        + digits.height()
        + "\nwidth: "
        + digits.width()
        + "\nfiles:\n"
        + text("train-images", digits.trainImages())
        + text("train-labels", digits.trainLabels())
        + text("test-images", digits.testImages())
        + text("test-labels", digits.testLabels())
        + "mirrors: [] # addresses ending in '/' under which the files stand, raw or .gz\n";
  }

  private static String text(String role, IdxFile file) {
    return "  "
        + role
        + ":\n    file: "
        + file.file()
        + "\n    bytes: "
        + file.bytes()
        + "\n    sha256: "
        + file.sha256()
        + "\n";
  }
}
