package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.plan.Plan;
import dev.twintail.report.LeaguePage;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.CollectResults;
import dev.twintail.store.ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code league}: all models from best to worst, compared on the same pairs. */
@Command(
    name = "league",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = "Writes all models from best to worst as Markdown; runs nothing.")
final class LeagueCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;
  @Mixin private OutputOption output;
  @Mixin private TrustOption trust;
  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  LeagueCommand() {}

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    PrintWriter err = command.commandLine().getErr();
    TrustOption.Keys keys = trust.read();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "league", keys.in(objects));
      Plan plan = Results.plan(experiment, options, workspace);
      TrustOption.warn(workspace.trust(), err::println);
      Manifest results = Results.manifest(plan, options.asNamed());
      Map<String, String> digests = new LinkedHashMap<>();
      for (String name :
          List.of(
              CollectResults.SUMMARY, CollectResults.EVALUATIONS, CollectResults.COMPARISONS)) {
        digests.put(name, results.output(name).sha256());
      }
      output.write(
          LeaguePage.of(
              experiment.title(),
              Results.table(workspace, results, CollectResults.SUMMARY),
              Results.table(workspace, results, CollectResults.EVALUATIONS),
              Results.table(workspace, results, CollectResults.COMPARISONS),
              digests),
          command.commandLine().getOut());
    }
    return ExitCode.OK;
  }
}
