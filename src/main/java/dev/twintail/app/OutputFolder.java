package dev.twintail.app;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.result.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;

/** A folder of the user's that files are written into. */
public final class OutputFolder {
  private enum Existing {
    KEPT,
    REPLACED
  }

  /** Makes what a file is to hold: together files may be more than the memory holds. */
  @FunctionalInterface
  interface Content {
    Blob blob() throws IOException;
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

  /** Returns the folder of a file. */
  public static Path of(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** Returns a folder whose files may be replaced. */
  public static OutputFolder replacing(Path folder) {
    return new OutputFolder(folder, Existing.REPLACED);
  }

  Path resolve(String name) {
    return folder.resolve(name);
  }

  /**
   * Fails if one of the files may not be written, so that none is before all can be.
   *
   * @param files what is to be written, by name
   */
  void requireReplaceable(Map<String, Digest> files) throws IOException {
    for (Map.Entry<String, Digest> file : files.entrySet()) {
      requireReplaceable(file.getValue(), folder.resolve(file.getKey()));
    }
  }

  /** Fails as the other does; makes only what might be there already. */
  void requireReplaceableBy(Map<String, Content> files) throws IOException {
    for (Map.Entry<String, Content> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      requireNoLinkTo(path);
      WholeFile.requirePlain(path);
      if (existing == Existing.KEPT && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        requireReplaceable(file.getValue().blob().digest(), path);
      }
    }
  }

  /** Fails if a table may not be written, so that no other is before all can be. */
  public void requireReplaceable(Table table, String name) throws IOException {
    requireReplaceableBy(Map.of(name, () -> encoded(table, name)));
  }

  /**
   * Writes a file, in one step; what already holds these bytes is left alone.
   *
   * @param name below the folder
   * @return where it is
   */
  Path write(Blob blob, String name) throws IOException {
    Path file = folder.resolve(name);
    requireReplaceable(blob.digest(), file);
    if (!holds(file, blob.digest())) {
      WholeFile.replace(file, blob);
    }
    return file;
  }

  /** Writes a text, as UTF-8; what already holds it is left alone. */
  public void write(String text, String name) throws IOException {
    write(Blob.of(text.getBytes(StandardCharsets.UTF_8)), name);
  }

  /** Writes a table in the format that the name's ending tells. */
  public void write(Table table, String name) throws IOException {
    write(encoded(table, name), name);
  }

  private static Blob encoded(Table table, String name) {
    return TableFormat.of(Path.of(name)).encode(table);
  }

  /**
   * Writes files that belong together, and a list of them as {@code sha256sum} has it. What an
   * earlier set left unchanged, as its list tells, is replaced, or removed if no file of this set
   * has its name. If anything else stands in the way, nothing is written.
   *
   * @param files by name
   * @param list the name of the list
   */
  void writeSet(SortedMap<String, Blob> files, String list) throws IOException {
    FileList earlier = FileList.in(folder.resolve(list));
    for (Map.Entry<String, Blob> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!earlier.describes(file.getKey(), path)) {
        requireReplaceable(file.getValue().digest(), path);
      }
    }
    Blob listed = FileList.of(files);
    if (earlier.digests().isEmpty()) {
      requireReplaceable(listed.digest(), folder.resolve(list));
    }
    for (Map.Entry<String, Blob> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      requireNoLinkTo(path);
      if (!holds(path, file.getValue().digest())) {
        WholeFile.replace(path, file.getValue());
      }
    }
    for (String name : earlier.digests().keySet()) {
      Path path = folder.resolve(name);
      if (!files.containsKey(name) && earlier.describes(name, path)) {
        requireNoLinkTo(path);
        Files.delete(path);
      }
    }
    WholeFile.replace(folder.resolve(list), listed);
  }

  private static boolean holds(Path file, Digest digest) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && WholeFile.holds(file, digest);
  }

  private void requireReplaceable(Digest digest, Path file) throws IOException {
    requireNoLinkTo(file);
    WholeFile.requirePlain(file);
    if (existing == Existing.KEPT
        && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !holds(file, digest)) {
      throw new OutputException(
          "Cannot write " + file + ": it holds something else", new Remedy.ReplaceFiles());
    }
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
