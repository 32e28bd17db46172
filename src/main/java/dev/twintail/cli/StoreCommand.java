package dev.twintail.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command on a store. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false)
abstract class StoreCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private StoreOption store;
  @Mixin private JsonOption json;

  final StoreOption store() {
    return store;
  }

  /** Returns whether the command speaks to programs, and how. */
  final JsonOption json() {
    return json;
  }

  /** Returns what a hint repeats. */
  final Given given() {
    return Given.to(command.commandLine());
  }

  final PrintWriter out() {
    return command.commandLine().getOut();
  }

  final PrintWriter err() {
    return command.commandLine().getErr();
  }
}
