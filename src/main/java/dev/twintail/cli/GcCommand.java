package dev.twintail.cli;

import dev.twintail.action.ActionKey;
import dev.twintail.app.Session;
import dev.twintail.json.JsonObject;
import dev.twintail.record.AttemptLog;
import dev.twintail.upkeep.GarbageCollector;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gc}: removes what no run needs. */
@Command(
    name = "gc",
    description = {
      "Tells what no recorded run and no lock file needs, and with --delete removes it.",
      "What is younger than the grace period stays. Does nothing while a run uses the store. To let"
          + " go of a run, delete runs/<id>.json in the store. Where no run is on record, it refuses to"
          + " remove actions unless --lock tells what is needed."
    },
    footer = {
      "twintail gc                                   what would go",
      "twintail gc --delete --grace 7d",
    })
final class GcCommand extends StoreCommand {
  private static final Pattern PERIOD = Pattern.compile("(\\d{1,6})([smhd])");

  @Option(names = "--delete", description = "Remove it; without, it is only told what would go.")
  private boolean delete;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "24h",
      description = "How long unneeded things stay, such as 90m, 24h (default) or 7d.")
  private String grace = "24h";

  @Option(
      names = "--lock",
      paramLabel = "FILE",
      description = {
        "Keep what this lock file names, too; may be repeated. Those in pipelines/ "
            + "beside the launcher are always kept."
      })
  private List<Path> locks = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Duration period = period(grace);
    Set<ActionKey> pinned = Locks.keys(locks);
    try (Session session = session().open()) {
      // Who names a lock file has said what is needed, though nothing is on record.
      GarbageCollector.Runless runless =
          locks.isEmpty() ? GarbageCollector.Runless.REFUSED : GarbageCollector.Runless.COLLECTED;
      Interruption interruption = Interruption.watch(new RunProgress(err()), session);
      Optional<GarbageCollector.Survey> found;
      try (ObjectProgress progress = new ObjectProgress(err(), "Looking up actions")) {
        GarbageCollector collector = session.collector(pinned, runless, progress);
        found = delete ? collector.delete(period) : Optional.of(collector.find(period));
      } finally {
        interruption.unwatch();
      }
      if (found.isEmpty()) {
        String message =
            "Cannot collect garbage: a run or a copy uses "
                + session.location()
                + "; try again when it is done, or, if it was killed, twenty minutes later";
        err().println("twintail: " + message);
        JsonOption.printFailure(commandLine(), ExitCode.IN_USE, message);
        return ExitCode.IN_USE;
      }
      if (json().isGiven()) {
        json().print(json(found.get()));
      } else {
        print(found.get());
      }
    }
    return ExitCode.OK;
  }

  private void print(GarbageCollector.Survey findings) {
    PrintWriter out = out();
    out.printf(Locale.ROOT, "%-12s %8s %12s  %s%n", "", "objects", "size", "");
    for (GarbageCollector.FolderCount row : findings.rows()) {
      out.printf(
          Locale.ROOT,
          "%-12s %8d %12s  %s%n",
          row.folder(),
          row.objects(),
          ByteSizes.text(row.bytes()),
          why(row, findings.runs()));
    }
    out.printf(
        Locale.ROOT,
        "%s: %s, %s%s%n",
        delete ? "Deleted" : "Garbage",
        Counts.counted(findings.garbage().size(), "object"),
        ByteSizes.text(findings.garbageBytes()),
        delete || findings.garbage().isEmpty() ? "" : "; --delete removes it");
    out.flush();
  }

  private JsonObject json(GarbageCollector.Survey findings) {
    return new JsonObject()
        .put("deleted", delete)
        .put("runs", findings.runs())
        .put("garbageObjects", findings.garbage().size())
        .put("garbageBytes", findings.garbageBytes())
        .putEach("rows", findings.rows(), GcCommand::json);
  }

  private static JsonObject json(GarbageCollector.FolderCount row) {
    return new JsonObject()
        .put("folder", row.folder())
        .put("verdict", row.verdict().name().toLowerCase(Locale.ROOT))
        .put("objects", row.objects())
        .put("bytes", row.bytes());
  }

  private String why(GarbageCollector.FolderCount row, int runs) {
    boolean attempts = row.folder().equals(AttemptLog.FOLDER);
    return switch (row.verdict()) {
      case USED ->
          attempts
              ? "kept: the newest runs that came to no end"
              : "kept: " + runs + (runs == 1 ? " run needs" : " runs need") + " or made it";
      case YOUNG -> "kept: younger than " + grace;
      case GARBAGE ->
          (delete ? "deleted: " : "garbage: ") + (attempts ? "older ones" : "no run needs it");
    };
  }

  private static Duration period(String text) {
    Matcher matcher = PERIOD.matcher(text);
    if (!matcher.matches()) {
      throw new UsageException(
          "Cannot read '" + text + "' as a time: expected such as 90m, 24h or 7d");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
