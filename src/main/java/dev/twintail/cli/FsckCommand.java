package dev.twintail.cli;

import dev.twintail.store.ObjectStore;
import dev.twintail.upkeep.StoreCheck;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fsck}: reads the store again. */
@Command(
    name = "fsck",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Hashes what the store holds and tells what is damaged or missing.",
      "Damaged objects are moved to quarantine/ and recomputed when a run needs them. Exits with "
          + ExitCode.DAMAGED
          + " if anything is wrong."
    })
final class FsckCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Hash only N blobs, other ones each time.")
  private @Nullable Integer sample;

  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  FsckCommand() {}

  @Override
  public Integer call() throws Exception {
    if (sample != null && sample < 1) {
      throw new UsageException("Cannot check " + sample + " blobs: --sample needs 1 or more");
    }
    PrintWriter err = command.commandLine().getErr();
    StoreCheck.Report report;
    try (ObjectStore objects = store.open();
        ObjectProgress progress = new ObjectProgress(err, "Checking")) {
      StoreCheck check = new StoreCheck(objects, progress);
      report = sample == null ? check.checkAll() : check.checkSample(sample);
    }
    PrintWriter out = command.commandLine().getOut();
    report.problems().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "%d blobs (%s) and %d manifests checked: %s%n",
        report.blobs(),
        ByteSizes.text(report.bytes()),
        report.manifests(),
        report.problems().isEmpty() ? "all is well" : report.problems().size() + " problems");
    out.flush();
    return report.problems().isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
  }
}
