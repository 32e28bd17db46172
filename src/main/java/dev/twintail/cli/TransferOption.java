package dev.twintail.cli;

import dev.twintail.record.RunRecord;
import dev.twintail.store.ObjectStore;
import dev.twintail.upkeep.LeasedStore;
import dev.twintail.upkeep.StoreCopy;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How one store is copied to another. */
final class TransferOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many objects are copied at once. Default: as many as suit the stores.")
  private @Nullable Integer parallel;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  TransferOption() {}

  /** Copies what is missing, tells what was done, and returns the exit code. */
  int copy(ObjectStore from, ObjectStore to) throws IOException, InterruptedException {
    if (parallel != null && parallel < 1) {
      throw new UsageException(
          "Cannot copy " + parallel + " objects at once: --parallel needs 1 or more");
    }
    int width = parallel != null ? parallel : Math.max(from.parallelism(), to.parallelism());
    PrintWriter err = command.commandLine().getErr();
    Instant started = Instant.now();
    StoreCopy.Report report;
    try (LeasedStore leased = LeasedStore.use(to, RunRecord.newId(started), err::println);
        ObjectProgress progress = new ObjectProgress(err, "Copying")) {
      leased.requireWritable();
      report = new StoreCopy(from, leased, width, progress).copy();
    }
    PrintWriter out = command.commandLine().getOut();
    report.problems().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "%d objects copied, %s, %s; %d were there%s%n",
        report.objects(),
        ByteSizes.text(report.bytes()),
        RunProgress.seconds(Duration.between(started, Instant.now())),
        report.present(),
        report.problems().isEmpty() ? "" : "; " + report.problems().size() + " problems");
    out.flush();
    return report.problems().isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
  }
}
