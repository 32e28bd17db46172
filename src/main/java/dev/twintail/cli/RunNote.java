package dev.twintail.cli;

import dev.twintail.action.ActionKey;
import dev.twintail.app.Session;
import dev.twintail.record.Machine;
import dev.twintail.record.Provenance;
import dev.twintail.record.RunRecord;
import dev.twintail.report.RunPage;
import dev.twintail.report.chart.Timeline;
import dev.twintail.stage.StageName;
import dev.twintail.verify.VerifiedActions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one run executed and reused, when, and what was verified since. */
final class RunNote {
  private RunNote() {}

  /**
   * Returns the page.
   *
   * @param last the newest run
   * @param worked the newest run that executed anything, or the newest one
   */
  static byte[] of(RunRecord last, RunRecord worked, Session session, VerifiedActions verified)
      throws IOException, InterruptedException {
    Map<String, List<Integer>> counts = new LinkedHashMap<>();
    for (StageName stage : StageName.values()) {
      RunRecord.Counts ofStage = last.counts().get(stage.label());
      if (ofStage != null) {
        counts.put(stage.label(), List.of(ofStage.executed(), ofStage.reused()));
      }
    }
    List<Timeline.TimelineBar> tasks = tasks(worked, session.executions(worked));
    return new RunPage(
            last.spec(),
            words(last)
                + " This page is no part of the report: it tells of the store, not of the"
                + " results.",
            counts,
            tasks.isEmpty()
                ? "No run on record executed anything."
                : worked.id().equals(last.id())
                    ? "What this run executed, by machine; each row is one worker."
                    : "The newest run that executed anything: " + words(worked),
            tasks,
            standings(verified))
        .html();
  }

  /** Returns the page of an experiment of which the store records no run. */
  static byte[] none(String experiment, VerifiedActions verified) {
    return new RunPage(
            experiment,
            "No run of it is on record here.",
            Map.of(),
            "",
            List.of(),
            standings(verified))
        .html();
  }

  private static Map<String, String> standings(VerifiedActions verified) {
    Map<String, String> standings = new LinkedHashMap<>();
    if (verified.isAny()) {
      verified.byModel().forEach((model, s) -> standings.put(model, FindingsText.text(s)));
    }
    return standings;
  }

  private static String words(RunRecord run) {
    return "Run %s, from %s to %s, by Twintail %s."
        .formatted(
            run.id(),
            run.started().truncatedTo(ChronoUnit.SECONDS),
            run.ended().truncatedTo(ChronoUnit.SECONDS),
            run.programVersion());
  }

  private static List<Timeline.TimelineBar> tasks(
      RunRecord run, Map<ActionKey, Provenance> executions) {
    List<Timeline.TimelineBar> tasks = new ArrayList<>();
    for (StageName stage : StageName.values()) {
      for (RunRecord.Step step : run.steps()) {
        Provenance execution = executions.get(step.key());
        if (execution != null && step.stage().equals(stage.label())) {
          double from = seconds(run.started(), execution.started());
          double took = execution.elapsed().toMillis() / 1000.0;
          tasks.add(
              new Timeline.TimelineBar(
                  place(execution.machine()),
                  stage.label(),
                  from,
                  from + took,
                  step.action() + ", " + took + " s"));
        }
      }
    }
    return tasks;
  }

  private static double seconds(Instant start, Instant then) {
    return Math.max(0, Duration.between(start, then).toMillis() / 1000.0);
  }

  private static String place(Machine machine) {
    return machine.host() + ", process " + machine.pid();
  }
}
