package dev.twintail.app;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.blob.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files of the user's, each whole and in one step or not at all. */
public final class WholeFile {
  private WholeFile() {}

  /** Writes a text, as {@link #replace(Path, Blob)} does. */
  public static void replace(Path file, String text) throws IOException {
    replace(file, Blob.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes a text unless the file holds it already.
   *
   * @return whether it did
   */
  public static boolean keep(Path file, String text) throws IOException {
    Blob blob = Blob.of(text.getBytes(StandardCharsets.UTF_8));
    boolean held = holds(file, blob.digest());
    if (!held) {
      replace(file, blob);
    }
    return held;
  }

  /** Returns whether the file is there and has these bytes. */
  static boolean holds(Path file, Digest digest) throws IOException {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) == digest.size()
          && Blob.of(file).digest().equals(digest);
    } catch (FileSystemException e) {
      throw failure("read", file, e);
    }
  }

  /**
   * Writes a file in place of what was there; folders are made when needed.
   *
   * @throws IOException in one line if it cannot be written, or is a folder or a device
   */
  static void replace(Path file, Blob blob) throws IOException {
    requirePlain(file);
    Path whole = file.toAbsolutePath();
    // Not a temp file of the JDK, which no one but its owner could read.
    Path part = whole.resolveSibling("." + whole.getFileName() + "." + blob.digest() + ".part");
    try {
      Files.createDirectories(part.getParent());
      Files.deleteIfExists(part);
      try {
        // A new file: one that stands there could be a link.
        Files.write(part, blob.bytes(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(
            part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (FileSystemException e) {
      throw failure("write", file, e);
    }
  }

  /** Fails if something is there that is no file: even an empty folder would be replaced. */
  static void requirePlain(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      String what = Files.isDirectory(file) ? "it is a folder" : "it is not a plain file";
      throw new IOException("Cannot write " + file + ": " + what);
    }
  }

  private static IOException failure(String verb, Path file, FileSystemException e) {
    return new IOException("Cannot " + verb + " " + file + ": " + FileFailure.reason(e), e);
  }
}
