package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.blob.Blob;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.pipeline.Graph;
import dev.twintail.pipeline.Plan;
import dev.twintail.pipeline.Preimages;
import dev.twintail.pipeline.Workspace;
import dev.twintail.report.SummaryTable;
import dev.twintail.result.ArrowFiles;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.CollectResults;
import java.io.IOException;

/** Finds the results of an experiment in a store, without running anything. */
final class Results {
  private Results() {}

  static String title(Experiment experiment) {
    int rounds = experiment.rounds();
    return experiment.name() + ", " + rounds + (rounds == 1 ? " round" : " rounds");
  }

  /** Returns what the store holds of the experiment, byte for byte. */
  static Plan plan(Experiment experiment, ExperimentOptions options, Workspace workspace)
      throws IOException, InterruptedException {
    return Plan.resolve(
        Graph.of(experiment),
        Preimages.in(ExperimentRun.environment(options.trainer())),
        workspace,
        Runtime.getRuntime().availableProcessors());
  }

  /** Returns what the store holds of the experiment, as far as names and sizes tell. */
  static Plan survey(Experiment experiment, ExperimentOptions options, Workspace workspace)
      throws IOException, InterruptedException {
    return Plan.survey(
        Graph.of(experiment),
        Preimages.in(ExperimentRun.environment(options.trainer())),
        workspace,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the manifest of the results.
   *
   * @throws NoResultsException if they are not all there
   */
  static Manifest manifest(Plan plan, ExperimentOptions options) {
    return plan.known(plan.graph().results())
        .map(Plan.Known::manifest)
        .orElseThrow(
            () ->
                new NoResultsException(
                    "Cannot find these results in the store: "
                        + plan.pending().size()
                        + " of "
                        + plan.graph().nodes().size()
                        + " actions are pending; execute them with: twintail run "
                        + options.name()));
  }

  static SummaryTable summary(Experiment experiment, Workspace workspace, Manifest results)
      throws IOException {
    Blob blob =
        workspace
            .blobs()
            .get(results.output(CollectResults.SUMMARY))
            .orElseThrow(
                () -> new NoResultsException("Cannot find the summary of " + experiment.name()));
    return SummaryTable.of(
        ArrowFiles.decode(blob.bytes())
            .require(CollectResults.SUMMARY_SCHEMA, CollectResults.SUMMARY_VERSION));
  }
}
