package dev.twintail.app;

import dev.twintail.blob.Blob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files the program wrote into a folder, by SHA-256, as {@code sha256sum --check} reads it:
 * so that it knows its own again.
 */
record FileList(SortedMap<String, String> digests) {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (.+)");
  private static final int LARGEST = 1 << 20;

  /** Returns the list in a file; an empty one if there is none, or something else. */
  static FileList in(Path file) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= LARGEST) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || !staysBelow(matcher.group(2))) {
          return new FileList(Collections.emptySortedMap());
        }
        digests.put(matcher.group(2), matcher.group(1));
      }
    }
    return new FileList(digests);
  }

  private static boolean staysBelow(String name) {
    Path path = Path.of(name);
    return !path.isAbsolute() && path.equals(path.normalize()) && !path.startsWith("..");
  }

  /** Returns the list of these files. */
  static Blob of(SortedMap<String, Blob> files) {
    StringBuilder text = new StringBuilder();
    files.forEach(
        (name, blob) -> text.append(blob.digest().sha256() + "  ").append(name).append('\n'));
    return Blob.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns whether the list names a file, which is as it was when it was listed. */
  boolean describes(String name, Path file) throws IOException {
    String digest = digests.get(name);
    return digest != null
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Blob.of(file).digest().sha256().equals(digest);
  }
}
