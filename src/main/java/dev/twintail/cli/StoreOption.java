package dev.twintail.cli;

import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.s3.S3Location;
import dev.twintail.store.s3.S3ObjectStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the artifacts are. */
final class StoreOption {
  private static final String VARIABLE = "TWINTAIL_STORE";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description =
          "The artifact store: a folder, or s3://bucket/prefix. Default: $"
              + VARIABLE
              + ", else artifacts/ beside the launcher.")
  private @Nullable String location;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  StoreOption() {}

  private String chosen() {
    return Optional.ofNullable(location)
        .or(() -> Optional.ofNullable(System.getenv(VARIABLE)).filter(v -> !v.isEmpty()))
        .orElseGet(() -> Home.folder().resolve("artifacts").toString());
  }

  /** Returns the folder where broken downloads wait to be resumed. */
  Path downloads() {
    return S3Location.isMeantBy(chosen())
        ? Home.cache().resolve("downloads")
        : folder(chosen()).resolve("downloads");
  }

  ObjectStore open() throws IOException {
    return open(chosen(), command.commandLine().getErr());
  }

  /**
   * Opens the store of that name.
   *
   * @param err hears what the store has to tell
   * @throws UsageException if the name is none of a store
   */
  static ObjectStore open(String location, PrintWriter err) throws IOException {
    if (!S3Location.isMeantBy(location)) {
      return LocalObjectStore.open(folder(location));
    }
    try {
      return S3ObjectStore.open(S3Location.parse(location), err::println);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static Path folder(String location) {
    if (location.isBlank() || location.contains("://")) {
      throw new UsageException(
          "Cannot use '"
              + location.replaceAll("//[^/]*@", "//…@")
              + "' as a store: expected a folder, such as artifacts/, or s3://bucket/prefix");
    }
    try {
      return Path.of(location).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new UsageException("Cannot use '" + location + "' as a store: " + e.getReason());
    }
  }
}
