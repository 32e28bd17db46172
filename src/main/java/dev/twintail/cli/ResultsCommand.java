package dev.twintail.cli;

import dev.twintail.pipeline.Plan;
import dev.twintail.pipeline.VerifiedActions;
import dev.twintail.pipeline.Workspace;
import dev.twintail.report.SummaryTable;
import dev.twintail.spec.Experiment;
import dev.twintail.store.ObjectStore;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code results}: the table again, from the store. */
@Command(
    name = "results",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = "Prints the results that the store holds; runs nothing.")
final class ResultsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;
  @Mixin private StoreOption store;
  @Mixin private TrustOption trust;

  @Option(names = "--json", description = "Print the results as JSON.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  ResultsCommand() {}

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    TrustOption.Keys keys = trust.read();
    PrintWriter err = command.commandLine().getErr();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "results", keys.in(objects));
      Plan plan = Results.plan(experiment, options, workspace);
      TrustOption.warn(workspace.trust(), err::println);
      SummaryTable table = Results.summary(workspace, Results.manifest(plan, options.name()));
      VerifiedActions verified = VerifiedActions.of(plan, workspace.verifications());
      PrintWriter out = command.commandLine().getOut();
      if (json) {
        new ResultsJson(experiment, table, verified.byModel()).write(out);
      } else {
        if (verified.isAny()) {
          Map<String, String> cells = new HashMap<>();
          verified.byModel().forEach((model, standing) -> cells.put(model, standing.text()));
          table = table.with("verified", cells);
        }
        out.print(table.text(Results.title(experiment)));
        out.flush();
      }
    }
    return ExitCode.OK;
  }
}
