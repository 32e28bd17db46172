package dev.twintail.cli;

import dev.twintail.app.OutputFolder;
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
      description = "The file to write. Default: the screen.")
  private @Nullable Path file;

  @Option(names = "--force", description = "Replace a file that holds something else.")
  private boolean force;

  /** Writes the whole text or nothing. */
  void write(String text, PrintWriter screen) throws IOException {
    if (file == null) {
      screen.print(text);
      screen.flush();
      return;
    }
    Path folder = OutputFolder.of(file);
    (force ? OutputFolder.replacing(folder) : OutputFolder.keeping(folder))
        .write(text, String.valueOf(file.getFileName()));
  }
}
