package dev.twintail.cli;

import dev.twintail.store.ObjectStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pull}: brings another store to this one. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Copies what this store lacks of STORE from it: blobs, then manifests, then records.",
      "All is verified on the way. Interrupted, it goes on where it was when run again."
    })
final class PullCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "STORE",
      description = "The other store: a folder, or s3://bucket/prefix.")
  private String other;

  @Mixin private TransferOption transfer;
  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  PullCommand() {}

  @Override
  public Integer call() throws Exception {
    try (ObjectStore here = store.open();
        ObjectStore there = StoreOption.open(other, command.commandLine().getErr())) {
      return transfer.copy(there, here);
    }
  }
}
