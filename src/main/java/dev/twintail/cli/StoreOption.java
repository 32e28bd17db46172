package dev.twintail.cli;

import dev.twintail.app.Installation;
import dev.twintail.app.Session;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the artifacts are. */
final class StoreOption {
  @Option(
      names = "--store",
      order = 101,
      paramLabel = "STORE",
      description =
          "The artifact store: a folder, or s3://bucket/prefix. Default: $"
              + Installation.STORE_VARIABLE
              + ", else artifacts/ beside the launcher.")
  private @Nullable String location;

  /** Begins a session on the store. */
  Session.Builder session() {
    return location == null && Installation.isDefaultStore()
        ? Session.at(Installation.store()).creating()
        : Session.at(location != null ? location : Installation.store());
  }
}
