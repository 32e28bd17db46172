package dev.twintail.app;

import dev.twintail.spec.Hint;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where the program is installed: its folders, and its version. */
public final class Installation {
  /** Names the store to use where none is named. */
  public static final String STORE_VARIABLE = "TWINTAIL_STORE";

  private static final String YAML = ".yaml";

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
    return namedStore().isEmpty();
  }

  /** Returns the store that {@code $TWINTAIL_STORE} names, else {@code artifacts/}. */
  public static String store() {
    return namedStore().orElseGet(() -> folder().resolve("artifacts").toString());
  }

  private static Optional<String> namedStore() {
    return Optional.ofNullable(System.getenv(STORE_VARIABLE)).filter(v -> !v.isEmpty());
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

  /**
   * Returns the file of an experiment: {@code spec} itself, with or without {@code .yaml}, or the
   * one in pipelines/ so named, in any case.
   *
   * @throws RequestException if there is none, or if one in the working folder may be meant, too
   */
  static Path spec(Path spec) {
    return spec(spec, Path.of(""));
  }

  /** Does so in a working folder. */
  static Path spec(Path spec, Path here) {
    if (isFile(spec)) {
      return spec;
    }
    String name = String.valueOf(spec.getFileName());
    boolean bare = spec.getNameCount() == 1 && !spec.isAbsolute();
    if (!name.toLowerCase(Locale.ROOT).endsWith(YAML)) {
      Path whole = spec.resolveSibling(name + YAML);
      if (isFile(whole)) {
        return whole;
      }
    }
    Path parent = spec.getParent();
    Path folder = bare ? pipelines() : parent == null ? Path.of("") : parent;
    Map<String, Path> known = specs(folder);
    String wanted = withoutYaml(name);
    for (Map.Entry<String, Path> one : known.entrySet()) {
      if (bare && one.getKey().equalsIgnoreCase(wanted)) {
        requireNone(spec, wanted, here, one.getValue());
        return one.getValue();
      }
    }
    throw new RequestException(
        "Cannot find the experiment "
            + (bare
                ? "'" + spec + "': no such file, and none in " + folder
                : spec + ": no such file")
            + Hint.nearest(wanted, known.keySet())
                .map(near -> "; did you mean '" + (bare ? near : known.get(near)) + "'?")
                .orElse(""));
  }

  /** Refuses a name that a file of the user has, but for case: some systems would take that one. */
  private static void requireNone(Path spec, String wanted, Path here, Path ours) {
    for (Map.Entry<String, Path> own : specs(here).entrySet()) {
      if (own.getKey().equalsIgnoreCase(wanted)) {
        throw new RequestException(
            "Cannot tell which experiment '%s' is: there are %s and %s; name one of them"
                .formatted(spec, own.getValue(), ours));
      }
    }
  }

  private static boolean isFile(Path path) {
    return Files.exists(path) && !Files.isDirectory(path);
  }

  private static String withoutYaml(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(YAML)
        ? name.substring(0, name.length() - YAML.length())
        : name;
  }

  /**
   * Returns the YAML files of a folder by their names without the ending; none if there is none.
   */
  private static SortedMap<String, Path> specs(Path folder) {
    SortedMap<String, Path> specs = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + YAML)) {
      files.forEach(file -> specs.put(withoutYaml(String.valueOf(file.getFileName())), file));
    } catch (IOException | DirectoryIteratorException e) {
      return specs; // Only a hint is lost.
    }
    return specs;
  }
}
