package dev.twintail.app;

import dev.twintail.blob.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A folder of the user's that files are written into. */
public final class OutputFolder {
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
  public static OutputFolder keeping(Path folder) {
    return new OutputFolder(folder, Existing.KEPT);
  }

  /** Returns a folder whose files may be replaced. */
  public static OutputFolder replacing(Path folder) {
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
    requireNoLinkTo(file);
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && WholeFile.holds(file, blob)) {
      return;
    }
    if (existing == Existing.KEPT
        && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(file)) {
      throw new OutputException(
          "Cannot write " + file + ": it holds something else", new Remedy.ReplaceFiles());
    }
    WholeFile.replace(file, blob);
  }

  /** The output folder may be a link, as the user names it; below it none is followed. */
  private void requireNoLinkTo(Path file) throws IOException {
    for (Path above = file.getParent();
        above != null && !above.equals(folder);
        above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        throw new OutputException(
            "Cannot write " + file + ": " + above + " is a symbolic link",
            new Remedy.ChooseFolder());
      }
    }
  }
}
