package dev.twintail.app;

import dev.twintail.data.IdxSet;
import dev.twintail.spec.DigitsSpec;
import dev.twintail.spec.DigitsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Four IDX files in a folder, which an experiment is to be about. */
public final class DigitFolder {
  private DigitFolder() {}

  /**
   * Pins what is in a folder: sizes, digests and how many classes there are.
   *
   * @param folder with the images and labels for training and for tests, raw or {@code .gz}
   * @param name of the data set; without one, that of the folder
   * @throws RequestException if these are no such files, or do not go together
   */
  public static DigitsSpec read(Path folder, Optional<String> name) throws IOException {
    String called = name.orElseGet(() -> nameOf(folder));
    if (!DigitsWriter.isName(called)) {
      throw new RequestException(
          "Cannot call a data set '"
              + called
              + "': expected letters, digits, '-' and '_', a letter first");
    }
    IdxSet set;
    try {
      set = IdxSet.in(folder);
    } catch (IllegalArgumentException e) {
      throw new RequestException(String.valueOf(e.getMessage()));
    }
    return new DigitsSpec(
        called,
        set.classes(),
        set.height(),
        set.width(),
        file(set.trainImages()),
        file(set.trainLabels()),
        file(set.testImages()),
        file(set.testLabels()),
        List.of(),
        Optional.empty());
  }

  /** Returns the text of the file that pins them. */
  public static String text(DigitsSpec digits) {
    return DigitsWriter.text(digits);
  }

  private static String nameOf(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    return String.valueOf(whole.getFileName()).replaceAll("[^A-Za-z0-9_-]", "-");
  }

  private static DigitsSpec.IdxFile file(IdxSet.File file) {
    return new DigitsSpec.IdxFile(file.name(), file.digest().size(), file.digest().sha256());
  }
}
