package dev.twintail.spec;

import dev.twintail.blob.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A file that a spec is made of, as text: UTF-8, bounded in size. */
final class TextFile {
  static final int MAX_BYTES = 1 << 20;

  private TextFile() {}

  /**
   * Reads {@code path}; empty, with a problem recorded, if that cannot be done.
   *
   * @param reference where the file is asked for; the whole file itself if the user named it
   * @param kind what a file of this kind ends in, such as {@code .yaml}
   */
  static Optional<String> read(Path path, Position reference, String kind, Problems problems) {
    if (Files.isDirectory(path)) {
      problems.add(
          reference,
          reference.file().equals(path)
              ? "is a directory; name a " + kind + " file"
              : path + " is a directory; name a " + kind + " file");
      return Optional.empty();
    }
    byte[] bytes;
    try (InputStream in = problems.open(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      if (isExhausted(e)) {
        throw new UncheckedIOException(e);
      }
      String reason = oneLine(FileFailure.reason(e));
      problems.add(
          reference,
          reference.file().equals(path)
              ? "cannot read the file: " + reason
              : "cannot read " + path + ": " + reason + hint(path, kind));
      return Optional.empty();
    }
    if (bytes.length > MAX_BYTES) {
      problems.add(
          new Position(path, 0), "larger than " + MAX_BYTES + " bytes; this is hardly a spec");
      return Optional.empty();
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), out, true);
    out.flip();
    String text = out.toString();
    if (result.isError()) {
      problems.add(new Position(path, line(text, text.length())), "not UTF-8 text");
      return Optional.empty();
    }
    String read = text.startsWith("\uFEFF") ? text.substring(1) : text;
    problems.read(path, read);
    return Optional.of(read);
  }

  /** Returns a file beside the missing one that may have been meant. */
  private static String hint(Path missing, String kind) {
    List<String> names = new ArrayList<>();
    Path folder = missing.toAbsolutePath().getParent();
    if (folder != null) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + kind)) {
        files.forEach(file -> names.add(String.valueOf(file.getFileName())));
      } catch (IOException | DirectoryIteratorException e) {
        return ""; // Only a hint is lost.
      }
    }
    Collections.sort(names);
    String whole = missing.getFileName() + kind;
    if (names.contains(whole)) {
      return "; did you mean '" + whole + "'?";
    }
    return Hint.nearest(String.valueOf(missing.getFileName()), names)
        .map(near -> "; did you mean '" + near + "'?")
        .orElse("");
  }

  /** Returns whether the process, and not the file, is at fault; Java has no type for it. */
  private static boolean isExhausted(IOException e) {
    return e instanceof FileSystemException failure
        && String.valueOf(failure.getReason()).startsWith("Too many open files");
  }

  /** Returns the line of the character at {@code end}, from 1. */
  static int line(String text, int end) {
    return 1 + (int) text.chars().limit(end).filter(c -> c == '\n').count();
  }

  static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
