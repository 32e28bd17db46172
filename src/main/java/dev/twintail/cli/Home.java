package dev.twintail.cli;

import java.nio.file.Path;

/** The folder that holds {@code pipelines/} and {@code artifacts/}: where the launcher is. */
final class Home {
  private Home() {}

  /** Returns the folder that the launcher names, or the working folder without a launcher. */
  static Path folder() {
    return Path.of(System.getProperty("twintail.home", "")).toAbsolutePath();
  }
}
