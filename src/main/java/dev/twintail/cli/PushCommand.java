package dev.twintail.cli;

import dev.twintail.store.ObjectStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code push}: brings this store to another. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Copies what STORE lacks of this store to it: blobs, then manifests, then records.",
      "All is verified on the way. Interrupted, it goes on where it was when run again."
    })
final class PushCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "STORE",
      description = "The other store: a folder, or s3://bucket/prefix.")
  private String other;

  @Mixin private TransferOption transfer;
  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  PushCommand() {}

  @Override
  public Integer call() throws Exception {
    try (ObjectStore here = store.open();
        ObjectStore there = StoreOption.open(other, command.commandLine().getErr())) {
      return transfer.copy(here, there);
    }
  }
}
