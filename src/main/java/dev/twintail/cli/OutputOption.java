package dev.twintail.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a page goes: a file, or the screen. */
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write; replaced if it is there. Default: the screen.")
  private @Nullable Path file;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  OutputOption() {}

  /** Writes the whole text or nothing. */
  void write(String text, PrintWriter screen) throws IOException {
    if (file == null) {
      screen.print(text);
      screen.flush();
      return;
    }
    replace(file, text);
  }

  /** Writes the whole file or nothing; folders are made when needed. */
  static void replace(Path file, String text) throws IOException {
    replace(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the whole file or nothing; folders are made when needed. */
  static void replace(Path file, byte[] bytes) throws IOException {
    if (Files.isDirectory(file)) {
      // An empty one would be replaced, too.
      throw new IOException("Cannot write " + file + ": it is a folder");
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, bytes);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
