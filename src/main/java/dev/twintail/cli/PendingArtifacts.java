package dev.twintail.cli;

import dev.twintail.app.Remedy;
import dev.twintail.app.Study;
import java.io.PrintWriter;
import java.util.SortedSet;

/** What was asked for and is not there yet. */
final class PendingArtifacts {
  private PendingArtifacts() {}

  /** Tells of them, if there are any, and returns the exit code. */
  static int tell(SortedSet<String> pending, Study study, Given given, PrintWriter err) {
    if (pending.isEmpty()) {
      return ExitCode.OK;
    }
    // What a search will choose may have pretrained parts, too.
    String more = study.experiment().sweeps().isEmpty() ? "" : " or more";
    err.println(
        "twintail: %d%s of the artifacts that were asked for %s, such as %s; %s"
            .formatted(
                pending.size(),
                more,
                pending.size() == 1 && more.isEmpty() ? "is pending" : "are pending",
                pending.first(),
                Advice.of(new Remedy.RunExperiment(study.asNamed()), given)));
    return ExitCode.PENDING;
  }
}
