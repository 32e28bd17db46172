package dev.twintail.cli;

import dev.twintail.action.MalformedException;
import dev.twintail.app.Patterns;
import dev.twintail.app.Session;
import dev.twintail.json.JsonObject;
import dev.twintail.record.Attempt;
import dev.twintail.record.RunRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

  /** How a run ended. */
  enum RunStatus {
    FINISHED,
    FAILED,
    INTERRUPTED
  }

  /** A run that finished, or one that did not. */
  private record LogLine(String id, Optional<RunRecord> run, Optional<Attempt> attempt) {
    String spec() {
      return run.map(RunRecord::spec).or(() -> attempt.map(Attempt::spec)).orElseThrow();
    }

    RunStatus outcome() {
      return attempt
          .map(a -> a.ending() == Attempt.Ending.FAILED ? RunStatus.FAILED : RunStatus.INTERRUPTED)
          .orElse(RunStatus.FINISHED);
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
        json().print(new JsonObject().putEach("runs", lines, LogCommand::json));
      } else if (lines.isEmpty()) {
        boolean all = only.isEmpty() && outcome == null;
        err().println("No " + (all ? "" : "such ") + "run is on record in " + session.location());
      } else {
        for (LogLine line : lines) {
          line.run().ifPresent(run -> out().println(text(run)));
          line.attempt().ifPresent(attempt -> out().println(text(attempt)));
        }
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
        LogLine line =
            finished.contains(id)
                ? new LogLine(id, session.runs().find(id), Optional.empty())
                : new LogLine(id, Optional.empty(), session.attempts().find(id));
        if (line.run().isPresent() != line.attempt().isPresent() && isWanted(line)) {
          lines.add(line);
        }
      } catch (MalformedException e) {
        err.println("Run " + id + " is left out: " + e.getMessage());
      }
    }
    return lines;
  }

  private boolean isWanted(LogLine line) {
    return (outcome == null || outcome == line.outcome())
        && (only.isEmpty() || Patterns.isAnyOf(only, line.spec()));
  }

  private static String text(Attempt attempt) {
    return fitting(
        attempt.id(),
        attempt.started(),
        attempt.spec(),
        attempt.ending()
            + " after "
            + RunProgress.seconds(Duration.between(attempt.started(), attempt.ended()))
            + (attempt.message().isEmpty() ? "" : " (" + attempt.message() + ")"),
        attempt.workers() + " workers on " + attempt.host(),
        attempt.programVersion());
  }

  /** Returns a line without what a narrow terminal has no place for; the id tells the time, too. */
  private static String fitting(
      String id, Instant started, String spec, String what, String where, String version) {
    String begun = id + "  " + started.truncatedTo(ChronoUnit.SECONDS) + "  " + spec + "  " + what;
    String brief = id + "  " + spec + "  " + what;
    int width = Terminal.width().orElse(Integer.MAX_VALUE);
    for (String line :
        List.of(begun + ", " + where + ", twintail " + version, begun + ", " + where, begun)) {
      if (line.length() <= width) {
        return line;
      }
    }
    return brief.length() <= width ? brief : brief.substring(0, width - 1) + "…";
  }

  private static int executed(RunRecord run) {
    return run.counts().values().stream().mapToInt(RunRecord.Counts::executed).sum();
  }

  private static String text(RunRecord run) {
    int executed = executed(run);
    return fitting(
        run.id(),
        run.started(),
        run.spec(),
        executed
            + " executed, "
            + (run.steps().size() - executed)
            + " reused, "
            + RunProgress.seconds(Duration.between(run.started(), run.ended())),
        run.workers() + " workers on " + run.host(),
        run.programVersion());
  }

  private static JsonObject json(LogLine line) {
    JsonObject json =
        new JsonObject()
            .put("run", line.id())
            .put("outcome", line.outcome().name().toLowerCase(Locale.ROOT));
    line.attempt()
        .ifPresent(
            attempt ->
                json.put("experiment", attempt.spec())
                    .put("started", attempt.started().toString())
                    .put("ended", attempt.ended().toString())
                    .put("host", attempt.host())
                    .put("workers", attempt.workers())
                    .put("programVersion", attempt.programVersion())
                    .put("message", attempt.message()));
    line.run()
        .ifPresent(
            run ->
                json.put("experiment", run.spec())
                    .put("started", run.started().toString())
                    .put("ended", run.ended().toString())
                    .put("host", run.host())
                    .put("workers", run.workers())
                    .put("programVersion", run.programVersion())
                    .put("actions", ResultsJson.actions(run)));
    return json;
  }
}
