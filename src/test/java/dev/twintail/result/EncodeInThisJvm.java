package dev.twintail.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program that {@link ArrowFilesTest} starts: writes the sample table into a file. */
final class EncodeInThisJvm {
  private EncodeInThisJvm() {}

  public static void main(String[] args) throws IOException {
    Files.write(Path.of(args[0]), ArrowFiles.encode(SampleTables.everyType()));
  }
}
