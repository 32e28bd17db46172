package dev.twintail.cli;

import java.nio.file.Path;

/** The folder that holds {@code pipelines/} and {@code artifacts/}: where the launcher is. */
final class Home {
  private Home() {}

  /** Returns the folder that the launcher names, or the working folder without a launcher. */
  static Path folder() {
    return Path.of(System.getProperty("twintail.home", "")).toAbsolutePath();
  }

  /**
   * Returns the user's folder for what may be lost: the launcher's, else {@code
   * $XDG_CACHE_HOME/twintail} or alike.
   */
  static Path cache() {
    String launchers = System.getProperty("twintail.cache");
    if (launchers != null) {
      return Path.of(launchers).toAbsolutePath();
    }
    String chosen = System.getenv("XDG_CACHE_HOME");
    // The standard tells to ignore relative ones.
    Path caches =
        chosen != null && Path.of(chosen).isAbsolute()
            ? Path.of(chosen)
            : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("twintail");
  }
}
