package dev.twintail.cli;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A folder of the user's that files are written into. */
final class OutputFolder {
  private enum Existing {
    KEPT,
    REPLACED
  }

  private final Path folder;
  private final Existing existing;

  private OutputFolder(Path folder, Existing existing) {
    this.folder = folder;
    this.existing = existing;
  }

  /** Returns a folder in which no file is replaced that holds something else. */
  static OutputFolder keeping(Path folder) {
    return new OutputFolder(folder, Existing.KEPT);
  }

  /** Returns a folder whose files may be replaced. */
  static OutputFolder replacing(Path folder) {
    return new OutputFolder(folder, Existing.REPLACED);
  }

  /**
   * Writes a file, in one step; what already holds these bytes is left alone.
   *
   * @param name below the folder
   * @return where it is
   */
  Path write(Blob blob, String name) throws IOException {
    Path file = folder.resolve(name);
    write(blob, file);
    return file;
  }

  private void write(Blob blob, Path file) throws IOException {
    try {
      requireNoLinkTo(file);
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("Cannot write " + file + ": it is a folder");
      }
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Digest.of(Files.readAllBytes(file)).equals(blob.digest())) {
          return;
        }
        if (existing == Existing.KEPT) {
          throw new IOException(
              "Cannot write " + file + ": it holds something else; --force replaces it");
        }
      }
      Path parent = file.toAbsolutePath().getParent();
      if (parent == null) {
        throw new IOException("Cannot write " + file + ": it is a root folder");
      }
      Files.createDirectories(parent);
      // Not a temp file of the JDK, which no one but its owner could read.
      Path part = parent.resolve("." + file.getFileName() + "." + blob.digest() + ".part");
      Files.deleteIfExists(part);
      try {
        // A new file: one that stands there could be a link.
        Files.write(part, blob.bytes(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (java.nio.file.FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new IOException("Cannot write " + file + ": " + reason, e);
    }
  }

  /** The output folder may be a link, as the user names it; below it none is followed. */
  private void requireNoLinkTo(Path file) throws IOException {
    for (Path above = file.getParent();
        above != null && !above.equals(folder);
        above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        throw new IOException(
            "Cannot write "
                + file
                + ": "
                + above
                + " is a symbolic link; remove it, or choose another folder by -o");
      }
    }
  }
}
