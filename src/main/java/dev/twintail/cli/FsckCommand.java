package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.json.JsonObject;
import dev.twintail.upkeep.StoreCheck;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fsck}: reads the store again. */
@Command(
    name = "fsck",
    description = {
      "Hashes what the store holds, reads its records, and tells what is damaged or missing.",
      "Damaged blobs and manifests are moved to quarantine/ and recomputed when a run needs them. Exits with "
          + ExitCode.DAMAGED
          + " if anything is wrong."
    },
    footer = {
      "twintail fsck                                 everything",
      "twintail fsck --sample 100 --store s3://team/twintail",
    })
final class FsckCommand extends StoreCommand {

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Hash only N blobs, other ones each time.")
  private @Nullable Integer sample;

  @Override
  public Integer call() throws Exception {
    if (sample != null && sample < 1) {
      throw new UsageException("Cannot check " + sample + " blobs: --sample needs 1 or more");
    }
    StoreCheck.StoreCheckReport report;
    try (Session session = session().open();
        ObjectProgress progress = new ObjectProgress(err(), "Checking")) {
      StoreCheck check = session.check(progress);
      report = sample == null ? check.checkAll() : check.checkSample(sample);
    }
    if (json().isGiven()) {
      json()
          .print(
              new JsonObject()
                  .put("blobs", report.blobs())
                  .put("bytes", report.bytes())
                  .put("manifests", report.manifests())
                  .put("records", report.records())
                  .put("problems", report.problems()));
    } else {
      print(report);
    }
    return report.problems().isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
  }

  private void print(StoreCheck.StoreCheckReport report) {
    PrintWriter out = out();
    report.problems().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "%s (%s), %s and %s checked: %s%n",
        Counts.counted(report.blobs(), "blob"),
        ByteSizes.text(report.bytes()),
        Counts.counted(report.manifests(), "manifest"),
        Counts.counted(report.records(), "record"),
        report.problems().isEmpty()
            ? "all is well"
            : Counts.counted(report.problems().size(), "problem"));
    out.flush();
  }
}
