package dev.twintail.cli;

import dev.twintail.store.LocalObjectStore;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the artifacts are. */
final class StoreOption {
  private static final String VARIABLE = "TWINTAIL_STORE";

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description =
          "Folder of the artifact store. Default: $"
              + VARIABLE
              + ", else artifacts/ beside the launcher.")
  private @Nullable String location;

  StoreOption() {}

  /** Returns the store's folder, absolute. */
  Path folder() {
    String chosen =
        Optional.ofNullable(location)
            .or(() -> Optional.ofNullable(System.getenv(VARIABLE)).filter(v -> !v.isEmpty()))
            .orElseGet(() -> Home.folder().resolve("artifacts").toString());
    if (chosen.isBlank() || chosen.contains("://")) {
      throw new UsageException(
          "Cannot use '" + chosen + "' as a store: expected a folder, such as artifacts/");
    }
    try {
      return Path.of(chosen).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new UsageException("Cannot use '" + chosen + "' as a store: " + e.getReason());
    }
  }

  LocalObjectStore open() throws IOException {
    return LocalObjectStore.open(folder());
  }
}
