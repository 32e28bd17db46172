package dev.twintail.cli;

import dev.twintail.app.WholeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a page goes: a file, or the screen. */
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write; replaced if it is there. Default: the screen.")
  private @Nullable Path file;

  /** Writes the whole text or nothing. */
  void write(String text, PrintWriter screen) throws IOException {
    if (file == null) {
      screen.print(text);
      screen.flush();
      return;
    }
    WholeFile.replace(file, text);
  }
}
