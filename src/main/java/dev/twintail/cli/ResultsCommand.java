package dev.twintail.cli;

import dev.twintail.blob.Blob;
import dev.twintail.plan.Plan;
import dev.twintail.report.SummaryTable;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.store.ObjectStore;
import dev.twintail.verify.VerifiedActions;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description = "Write the predictions of all models and rounds as one Arrow file.")
  private @Nullable Path predictions;

  @Option(
      names = "--actions",
      paramLabel = "FILE",
      description = "Write the keys of all actions and the digests of their outputs, as Arrow.")
  private @Nullable Path actions;

  @Option(
      names = "--timings",
      paramLabel = "FILE",
      description = {
        "Write when and where the actions were executed, as Arrow; "
            + "the one table that differs from store to store."
      })
  private @Nullable Path timings;

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
      SummaryTable table = Results.noted(experiment, workspace, Results.manifest(plan, options.asNamed()));
      ExperimentTables tables = new ExperimentTables(plan, workspace);
      if (predictions != null) {
        write(tables.predictions(), predictions, err);
      }
      if (actions != null) {
        write(tables.actions(), actions, err);
      }
      if (timings != null) {
        write(tables.timings(), timings, err);
      }
      VerifiedActions verified = VerifiedActions.of(plan, workspace.verifications());
      PrintWriter out = command.commandLine().getOut();
      if (json) {
        new ResultsJson(experiment, table, verified.byModel()).write(out);
      } else {
        if (verified.isAny()) {
          Map<String, String> cells = new HashMap<>();
          verified
              .byModel()
              .forEach((model, standing) -> cells.put(model, Findings.text(standing)));
          table = table.with("verified", cells);
        }
        out.print(table.text(Results.title(experiment)));
        out.flush();
      }
    }
    return ExitCode.OK;
  }

  private static void write(Table table, Path file, PrintWriter err) throws IOException {
    WholeFile.replace(file, Blob.of(ArrowFiles.encode(table)));
    err.println("Wrote " + table.rows() + " rows to " + file);
  }
}
