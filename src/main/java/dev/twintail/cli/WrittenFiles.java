package dev.twintail.cli;

import dev.twintail.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tells which files were written: people of each at once, programs of all in the end. */
final class WrittenFiles {
  private final JsonOption json;
  private final PrintWriter out;
  private final List<String> files = new ArrayList<>();

  WrittenFiles(JsonOption json, PrintWriter out) {
    this.json = json;
    this.out = out;
  }

  void add(Path file) {
    files.add(file.toString());
    if (!json.isGiven()) {
      out.println(file);
    }
  }

  /** Tells that these were all. */
  void done() {
    if (json.isGiven()) {
      json.print(new JsonObject().put("files", files));
    }
  }
}
