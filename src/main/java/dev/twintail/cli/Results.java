package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.report.ResultNotes;
import dev.twintail.report.SummaryTable;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.stage.CollectResults;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        experiment,
        Preimages.in(ExperimentRun.environment(options.trainer())),
        workspace,
        Runtime.getRuntime().availableProcessors());
  }

  /** Returns what the store holds of the experiment, as far as names and sizes tell. */
  static Plan survey(Experiment experiment, ExperimentOptions options, Workspace workspace)
      throws IOException, InterruptedException {
    return Plan.survey(
        experiment,
        Preimages.in(ExperimentRun.environment(options.trainer())),
        workspace,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the manifest of the results.
   *
   * @param arguments what names the experiment in a command
   * @throws NoResultsException if they are not all there
   */
  static Manifest manifest(Plan plan, String arguments) {
    return plan.graph()
        .results()
        .flatMap(plan::known)
        .map(Plan.Known::manifest)
        .orElseThrow(
            () ->
                new NoResultsException(
                    "Cannot find these results in the store: "
                        + plan.pending().size()
                        + " of "
                        + plan.graph().nodes().size()
                        + " actions are pending; execute them with: twintail run "
                        + arguments));
  }

  /** Returns the models that the results are of, those that sweeps chose included. */
  static List<CollectResults.Row> rows(Plan plan) {
    return ((CollectResults) plan.graph().results().orElseThrow().stage()).rows();
  }

  static SummaryTable summary(Workspace workspace, Manifest results) throws IOException {
    return SummaryTable.of(
        table(workspace, results, CollectResults.SUMMARY)
            .require(CollectResults.SUMMARY_SCHEMA, CollectResults.SUMMARY_VERSION));
  }

  /** Returns the summary with what is to be known of it below. */
  static SummaryTable noted(Experiment experiment, Workspace workspace, Manifest results)
      throws IOException {
    Map<String, Map<String, String>> remarks = new HashMap<>();
    for (ModelSpec model : experiment.models()) {
      Map<String, String> ofModel = new HashMap<>();
      model.published().forEach(p -> p.remark().ifPresent(text -> ofModel.put(p.where(), text)));
      remarks.put(model.name(), ofModel);
    }
    return summary(workspace, results)
        .noting(
            ResultNotes.of(
                table(workspace, results, CollectResults.SUMMARY),
                table(workspace, results, CollectResults.EVALUATIONS),
                table(workspace, results, CollectResults.PUBLISHED),
                experiment.claimsRemark(),
                remarks));
  }

  /** Returns one of the tables of the results. */
  static Table table(Workspace workspace, Manifest results, String name) throws IOException {
    return table(workspace, results.output(name), name);
  }

  /**
   * Returns a table of the store.
   *
   * @param what it is, for people
   */
  static Table table(Workspace workspace, Digest digest, String what) throws IOException {
    Blob blob =
        workspace
            .blobs()
            .get(digest)
            .orElseThrow(
                () ->
                    new NoResultsException(
                        "Cannot find " + what + " any more; make it anew with: twintail run"));
    return ArrowFiles.decode(blob.bytes());
  }
}
