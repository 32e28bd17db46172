package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.json.JsonObject;
import dev.twintail.upkeep.StoreCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code push} and {@code pull}: bring one store to another. */
@Command
final class CopyCommand extends StoreCommand {
  private enum CopyDirection {
    PUSH,
    PULL
  }

  private final CopyDirection way;

  @Parameters(
      paramLabel = "STORE",
      description = "The other store: a folder, or s3://bucket/prefix.")
  private String other;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many objects are copied at once. Default: as many as suit the stores.")
  private @Nullable Integer parallel;

  @Mixin private CreateOption create;

  private CopyCommand(CopyDirection way) {
    this.way = way;
  }

  static CommandLine push() {
    return line(
        CopyDirection.PUSH,
        "Copies what STORE lacks of this store to it",
        "twintail push s3://team/twintail --create     the first time",
        "twintail push s3://team/twintail");
  }

  static CommandLine pull() {
    return line(
        CopyDirection.PULL,
        "Copies what this store lacks of STORE from it",
        "twintail pull s3://team/twintail",
        "twintail pull /media/backup --store artifacts");
  }

  private static CommandLine line(CopyDirection way, String what, String... examples) {
    CommandLine line = new CommandLine(new CopyCommand(way));
    line.getCommandSpec()
        .usageMessage()
        .description(
            what + ": blobs, then manifests, then records.",
            "All is verified on the way. Interrupted, it goes on where it was when run again.")
        .footer(examples);
    return line;
  }

  @Override
  public Integer call() throws Exception {
    if (parallel != null && parallel < 1) {
      throw new UsageException(
          "Cannot copy " + parallel + " objects at once: --parallel needs 1 or more");
    }
    Instant started = Instant.now();
    StoreCopy.CopyReport report;
    Session.Builder ours = session();
    Session.Builder theirs = Session.at(other).telling(err()::println);
    boolean pushes = way == CopyDirection.PUSH;
    try (Session here = pushes ? ours.open() : create.open(ours, err());
        Session there = pushes ? create.open(theirs, err()) : theirs.open();
        ObjectProgress progress = new ObjectProgress(err(), "Copying")) {
      report =
          (pushes ? here : there)
              .copyTo(pushes ? there : here, Optional.ofNullable(parallel), progress);
    }
    Duration elapsed = Duration.between(started, Instant.now());
    if (json().isGiven()) {
      json()
          .print(
              new JsonObject()
                  .put("objects", report.objects())
                  .put("bytes", report.bytes())
                  .put("present", report.present())
                  .put("seconds", elapsed.toMillis() / 1e3)
                  .put("problems", report.problems()));
    } else {
      print(report, elapsed);
    }
    return report.problems().isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
  }

  private void print(StoreCopy.CopyReport report, Duration elapsed) {
    report.problems().forEach(out()::println);
    out()
        .printf(
            Locale.ROOT,
            "%s copied, %s, %s; %d %s there%s%n",
            Counts.counted(report.objects(), "object"),
            ByteSizes.text(report.bytes()),
            RunProgress.seconds(elapsed),
            report.present(),
            report.present() == 1 ? "was" : "were",
            report.problems().isEmpty()
                ? ""
                : "; " + Counts.counted(report.problems().size(), "problem"));
    out().flush();
  }
}
