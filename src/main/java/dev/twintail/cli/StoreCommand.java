package dev.twintail.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command on a store. */
abstract class StoreCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  StoreCommand() {}

  final StoreOption store() {
    return store;
  }

  final PrintWriter out() {
    return command.commandLine().getOut();
  }

  final PrintWriter err() {
    return command.commandLine().getErr();
  }
}
