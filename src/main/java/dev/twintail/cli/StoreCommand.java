package dev.twintail.cli;

import dev.twintail.app.Installation;
import dev.twintail.app.Session;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command on a store. */
@Command(sortOptions = false)
abstract class StoreCommand extends ProgramCommand {
  @Option(
      names = "--store",
      order = 101,
      paramLabel = "STORE",
      description =
          "The artifact store: a folder, or s3://bucket/prefix. Default: $"
              + Installation.STORE_VARIABLE
              + ", else artifacts/ beside the launcher.")
  private @Nullable String location;

  @Mixin private JsonOption json;

  final Session.Builder session() {
    Session.Builder session = Session.at(location != null ? location : Installation.store());
    return (location == null && Installation.isDefaultStore() ? session.creating() : session)
        .telling(err()::println);
  }

  /** Returns whether the command line names the store. */
  final boolean namesStore() {
    return location != null;
  }

  /** Returns whether the command speaks to programs, and how. */
  final JsonOption json() {
    return json;
  }

  /** Returns what a hint repeats. */
  final Given given() {
    return Given.to(commandLine());
  }
}
