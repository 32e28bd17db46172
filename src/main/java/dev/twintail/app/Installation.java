package dev.twintail.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the program is installed: its folders, and its version. */
public final class Installation {
  /** Names the store to use where none is named. */
  public static final String STORE_VARIABLE = "TWINTAIL_STORE";

  private Installation() {}

  /** Returns the folder that the launcher names, or the working folder without a launcher. */
  static Path folder() {
    return Path.of(System.getProperty("twintail.home", "")).toAbsolutePath();
  }

  /** Returns the folder of the experiments that come with the program. */
  public static Path pipelines() {
    return folder().resolve("pipelines");
  }

  /** Returns whether no store is named, so that {@link #store} is {@code artifacts/}. */
  public static boolean isDefaultStore() {
    return Optional.ofNullable(System.getenv(STORE_VARIABLE)).filter(v -> !v.isEmpty()).isEmpty();
  }

  /** Returns the store that {@code $TWINTAIL_STORE} names, else {@code artifacts/}. */
  public static String store() {
    return Optional.ofNullable(System.getenv(STORE_VARIABLE))
        .filter(v -> !v.isEmpty())
        .orElseGet(() -> folder().resolve("artifacts").toString());
  }

  /** Returns the version of the jar, or {@code dev} outside of one. */
  public static String version() {
    return Optional.ofNullable(Installation.class.getPackage().getImplementationVersion())
        .orElse("dev");
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

  /** Returns the file of an experiment: {@code spec} itself, or the one in pipelines/ so named. */
  static Path spec(Path spec) {
    if (Files.exists(spec)) {
      return spec;
    }
    if (spec.getNameCount() > 1 || spec.toString().endsWith(".yaml")) {
      throw new RequestException("Cannot find the experiment " + spec + ": no such file");
    }
    Path named = pipelines().resolve(spec + ".yaml");
    if (!Files.exists(named)) {
      throw new RequestException(
          "Cannot find the experiment '" + spec + "': no such file, and no " + named);
    }
    return named;
  }
}
