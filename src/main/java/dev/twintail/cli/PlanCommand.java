package dev.twintail.cli;

import dev.twintail.plan.Explainer;
import dev.twintail.plan.Plan;
import dev.twintail.spec.Experiment;
import dev.twintail.store.ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plan}: what a run would execute, and why. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Tells what a run would execute and what it would reuse; executes nothing.")
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;
  @Mixin private StoreOption store;

  @Mixin private TrustOption trust;

  @Option(
      names = "--explain",
      description = "Tell for what is pending how its key differs from the nearest earlier one.")
  private boolean explain;

  @Option(
      names = "--exit-code",
      description = "Exit with " + ExitCode.PENDING + " if something is pending.")
  private boolean exitCode;

  @Option(
      names = "--verify",
      description = {
        "Read and hash every blob, as a run does. Without, names and sizes "
            + "are believed, which is quicker; a run finds out."
      })
  private boolean verify;

  @Option(names = "--json", description = "Print the plan as JSON.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  PlanCommand() {}

  @Override
  public Integer call() throws Exception {
    return report(options, store, trust, command.commandLine());
  }

  private int report(
      ExperimentOptions options, StoreOption store, TrustOption trust, CommandLine line)
      throws Exception {
    Experiment experiment = options.read();
    TrustOption.Keys keys = trust.read();
    PrintWriter err = line.getErr();
    PrintWriter out = line.getOut();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "plan", keys.in(objects));
      Plan plan =
          verify
              ? Results.plan(experiment, options, workspace)
              : Results.survey(experiment, options, workspace);
      TrustOption.warn(workspace.trust(), err::println);
      PlanReport report = new PlanReport(experiment, plan);
      if (json) {
        report.printJson(explain ? Optional.of(Explainer.over(workspace)) : Optional.empty(), out);
      } else {
        report.print(out);
        if (explain) {
          Reasons.of(plan.pending(), plan, Explainer.over(workspace)).forEach(out::println);
        }
      }
      out.flush();
      return exitCode && !plan.pending().isEmpty() ? ExitCode.PENDING : ExitCode.OK;
    }
  }

  /** Plans for {@code run --dry-run}, with those of its options that a plan has, too. */
  static int dryRun(
      ExperimentOptions options,
      StoreOption store,
      TrustOption trust,
      boolean json,
      boolean explain,
      CommandLine line)
      throws Exception {
    PlanCommand plan = new PlanCommand();
    plan.json = json;
    plan.explain = explain;
    return plan.report(options, store, trust, line);
  }
}
