package dev.twintail.spec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that make an experiment, as text: what another machine needs to read it.
 *
 * @param main the absolute path of the experiment's own file, where it was read
 * @param files the text of each, by absolute path
 */
public record SpecText(String main, Map<String, String> files) implements Serializable {
  private static final long serialVersionUID = 1L;

  public SpecText {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  static SpecText of(Path main, Map<Path, String> texts) {
    Map<String, String> files = new TreeMap<>();
    texts.forEach((file, text) -> files.put(name(file), text));
    return new SpecText(name(main), files);
  }

  private static String name(Path file) {
    return file.toAbsolutePath().normalize().toString();
  }

  Path file() {
    return Path.of(main);
  }

  InputStream open(Path file) throws IOException {
    String text = files.get(name(file));
    if (text == null) {
      throw new NoSuchFileException(file.toString());
    }
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
