package dev.twintail.cli;

import dev.twintail.action.MalformedException;
import dev.twintail.app.Patterns;
import dev.twintail.app.Session;
import dev.twintail.json.JsonObject;
import dev.twintail.record.Attempt;
import dev.twintail.record.RunEntry;
import dev.twintail.record.RunRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code log}: the runs of a store. */
@Command(
    name = "log",
    description =
        "Lists the runs of the store, failed and interrupted ones, too; the newest first.",
    footer = {
      "twintail log                                  the newest 20 runs",
      "twintail log --only 'vieli*' --outcome failed",
      "twintail log -n 0 --json                      all, for a program",
    })
final class LogCommand extends StoreCommand {

  @Option(
      names = {"-n", "--number"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many, 20 by default; 0 for all.")
  private int number = 20;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description = "Only of these experiments: names or globs, with commas; may be repeated.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      completionCandidates = Words.Outcomes.class,
      description = "Only those that finished, failed, or were interrupted.")
  private @Nullable RunStatus outcome;

  enum RunStatus {
    FINISHED,
    FAILED,
    INTERRUPTED
  }

  /**
   * A run that finished, or one that did not.
   *
   * @param what it did, for people
   * @param more for programs
   */
  private record LogLine(RunEntry run, RunStatus outcome, String what, JsonObject more) {
    static LogLine of(RunRecord run) {
      int executed = run.counts().values().stream().mapToInt(RunRecord.Counts::executed).sum();
      return new LogLine(
          run,
          RunStatus.FINISHED,
          "%s executed, %s reused, %s"
              .formatted(executed, run.steps().size() - executed, took(run)),
          new JsonObject().put("actions", ResultsJson.actions(run)));
    }

    static LogLine of(Attempt attempt) {
      return new LogLine(
          attempt,
          attempt.ending() == Attempt.Ending.FAILED ? RunStatus.FAILED : RunStatus.INTERRUPTED,
          attempt.ending()
              + " after "
              + took(attempt)
              + (attempt.message().isEmpty() ? "" : " (" + attempt.message() + ")"),
          new JsonObject().put("message", attempt.message()));
    }

    private static String took(RunEntry run) {
      return RunProgress.seconds(Duration.between(run.started(), run.ended()));
    }

    /** Leaves out what a narrow terminal has no place for; the id tells the time, too. */
    String text() {
      String brief = run.id() + "  " + run.spec() + "  " + what;
      String begun =
          run.id()
              + "  "
              + run.started().truncatedTo(ChronoUnit.SECONDS)
              + "  "
              + run.spec()
              + "  "
              + what;
      String placed = begun + ", " + run.workers() + " workers on " + run.host();
      int width = Terminal.width().orElse(Integer.MAX_VALUE);
      return Stream.of(placed + ", twintail " + run.programVersion(), placed, begun, brief)
          .filter(line -> line.length() <= width)
          .findFirst()
          .orElseGet(() -> brief.substring(0, width - 1) + "…");
    }

    JsonObject json() {
      return new JsonObject()
          .put("run", run.id())
          .put("outcome", outcome.name().toLowerCase(Locale.ROOT))
          .put("experiment", run.spec())
          .put("started", run.started().toString())
          .put("ended", run.ended().toString())
          .put("host", run.host())
          .put("workers", run.workers())
          .put("programVersion", run.programVersion())
          .putAll(more);
    }
  }

  @Override
  public Integer call() throws Exception {
    if (number < 0) {
      throw new UsageException("Cannot list " + number + " runs: -n needs 1 or more, 0 for all");
    }
    try (Session session = session().open()) {
      List<LogLine> lines = lines(session, err());
      if (json().isGiven()) {
        json().print(new JsonObject().putEach("runs", lines, LogLine::json));
      } else if (lines.isEmpty()) {
        boolean all = only.isEmpty() && outcome == null;
        err().println("No " + (all ? "" : "such ") + "run is on record in " + session.location());
      } else {
        lines.forEach(line -> out().println(line.text()));
      }
      out().flush();
    }
    return ExitCode.OK;
  }

  /** Returns what is wanted, the newest first; no more records are read than that takes. */
  private List<LogLine> lines(Session session, PrintWriter err) throws IOException {
    Set<String> finished = new HashSet<>(session.runs().ids());
    Set<String> ids = new TreeSet<>(Comparator.reverseOrder());
    ids.addAll(finished);
    ids.addAll(session.attempts().ids());
    List<LogLine> lines = new ArrayList<>();
    for (String id : ids) {
      if (number > 0 && lines.size() == number) {
        break;
      }
      try {
        Optional<LogLine> line =
            finished.contains(id)
                ? session.runs().find(id).map(LogLine::of)
                : session.attempts().find(id).map(LogLine::of);
        line.filter(this::isWanted).ifPresent(lines::add);
      } catch (MalformedException e) {
        err.println("Run " + id + " is left out: " + e.getMessage());
      }
    }
    return lines;
  }

  private boolean isWanted(LogLine line) {
    return (outcome == null || outcome == line.outcome())
        && (only.isEmpty() || Patterns.isAnyOf(only, line.run().spec()));
  }
}
