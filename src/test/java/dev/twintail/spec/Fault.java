package dev.twintail.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One line of a sound file made wrong, and what the reader says to it.
 *
 * @param seenBySchema whether the JSON Schema refuses the file too
 * @param line from 1
 */
record Fault(boolean seenBySchema, int line, String text, String message) {
  /** Reads the faults of a resource; its head says how they are written. */
  static Stream<Fault> of(String resource) throws IOException {
    List<Fault> faults = new ArrayList<>();
    for (String block : resource(resource).strip().split("\n\n")) {
      if (!block.startsWith("#")) {
        String[] parts = block.split("\n", 2);
        String[] head = parts[0].split("\\|", 3);
        faults.add(
            new Fault(
                head[0].equals("schema"),
                Integer.parseInt(head[1]),
                head[2].replace("\\n", "\n").replace("\\t", "\t"),
                parts[1]));
      }
    }
    return faults.stream();
  }

  static String resource(String name) throws IOException {
    try (InputStream in = Fault.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Writes {@code base} with this fault to {@code file}. */
  void write(String base, Path file) throws IOException {
    List<String> lines = new ArrayList<>(base.lines().toList());
    lines.set(line - 1, text);
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  /** Returns {@code message} as the reader says it of {@code file}. */
  String message(Path file) {
    return message
        .replace("spec.yaml:", file + ":")
        .replace("BESIDE", String.valueOf(file.getParent()))
        .replace("nowhere.yaml", file.resolveSibling("nowhere.yaml").toString());
  }

  @Override
  public String toString() {
    return line + ": " + text.strip().replace("\n", " ⏎ ");
  }
}
