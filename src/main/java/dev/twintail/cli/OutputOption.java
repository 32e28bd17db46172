package dev.twintail.cli;

import dev.twintail.app.OutputFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.OptionalInt;
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

  /** Writes the whole text or nothing, if a file is named. */
  void keep(String text) throws IOException {
    if (file != null) {
      writeAsIs(text, new PrintWriter(Writer.nullWriter()));
    }
  }

  /** Writes the whole page of Markdown or nothing; a terminal shows as much as fits. */
  void write(String page, PrintWriter screen) throws IOException {
    OptionalInt width = Terminal.width();
    writeAsIs(file == null && width.isPresent() ? Screen.of(page, width.getAsInt()) : page, screen);
  }

  /** Writes the whole text or nothing. */
  void writeAsIs(String text, PrintWriter screen) throws IOException {
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
