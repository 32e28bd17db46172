package dev.twintail.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the fixture on a mirror, by the proxies and certificates of its environment. */
final class FindProcess {
  private FindProcess() {}

  /** Takes the mirror and a folder for downloads. */
  public static void main(String[] arguments) throws Exception {
    DigitFinder.FoundDigits found =
        new DigitFinder(Path.of(arguments[1]))
            .find(MnistFixture.source(List.of(arguments[0]), Optional.empty()));
    System.out.println(found.files().size() + " files of " + found.origins().values());
  }
}
