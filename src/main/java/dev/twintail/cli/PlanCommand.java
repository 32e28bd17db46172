package dev.twintail.cli;

import dev.twintail.pipeline.Explanation;
import dev.twintail.pipeline.Graph;
import dev.twintail.pipeline.Plan;
import dev.twintail.pipeline.Workspace;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.StageName;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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

  @Option(
      names = "--explain",
      description = "Tell for what is pending how its key differs from the nearest earlier one.")
  private boolean explain;

  @Option(
      names = "--exit-code",
      description = "Exit with " + ExitCode.PENDING + " if something is pending.")
  private boolean exitCode;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  PlanCommand() {}

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    PrintWriter err = command.commandLine().getErr();
    PrintWriter out = command.commandLine().getOut();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(objects, err::println, VersionCommand.programVersion(), "plan");
      Plan plan = Results.plan(experiment, options, workspace);
      int pending = plan.pending().size();
      out.printf(
          Locale.ROOT,
          "%s: %d of %d actions are pending%n",
          Results.title(experiment),
          pending,
          plan.graph().nodes().size());
      printStages(plan, out);
      if (explain) {
        printReasons(plan, workspace, out);
      }
      out.flush();
      return exitCode && pending > 0 ? ExitCode.PENDING : ExitCode.OK;
    }
  }

  private static void printStages(Plan plan, PrintWriter out) {
    for (StageName stage : StageName.values()) {
      List<Graph.Node> nodes =
          plan.graph().nodes().stream().filter(n -> n.stage().name() == stage).toList();
      long known = nodes.stream().filter(n -> plan.known(n).isPresent()).count();
      if (!nodes.isEmpty()) {
        out.printf(
            Locale.ROOT,
            "  %-14s %5d pending %5d reused%n",
            stage.label(),
            nodes.size() - known,
            known);
      }
    }
  }

  /** Prints equal reasons of one stage and model once, with the number of rounds. */
  private static void printReasons(Plan plan, Workspace workspace, PrintWriter out)
      throws IOException {
    Map<String, Integer> rounds = new LinkedHashMap<>();
    for (Explanation explanation : Explanation.ofPending(plan, workspace)) {
      Graph.Node node = explanation.node();
      for (String reason : explanation.reasons()) {
        rounds.merge(node.stage().name() + " " + node.label() + ": " + reason, 1, Integer::sum);
      }
    }
    rounds.forEach(
        (line, count) -> out.println(line + (count > 1 ? " (" + count + " rounds)" : "")));
  }
}
