package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plan}: what a run would execute, and why. */
@Command(
    name = "plan",
    description = {
      "Tells what a run would execute and what it would reuse; executes nothing.",
      "What a sweep has yet to decide is not counted: its later steps, the models that it chooses,"
          + " and the results."
    },
    footer = {
      "twintail plan vieli2021 --explain             what would run, and why",
      "twintail plan all --workers 16                how long 16 workers take",
      "twintail plan vieli2021 --exit-code           10 if anything is pending",
    })
final class PlanCommand extends StudyCommand {

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

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Tell how long it takes where N actions run at once. Default: one a processor.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Override
  void check() {
    RunCommand.requireWorkers(workers, "plan");
  }

  @Override
  int call(Study study, Session session) throws Exception {
    Plan plan = verify ? session.plan(study) : session.survey(study);
    print(
        new PlanReport(study, session.estimate(plan), study.untrainable(plan), workers),
        explain ? Optional.of(session.explainer(study)) : Optional.empty(),
        json(),
        out());
    return exitCode && !plan.pending().isEmpty() ? ExitCode.PENDING : ExitCode.OK;
  }

  /**
   * Prints a plan.
   *
   * @param explainer tells why what is pending has to be executed, if that is wanted
   */
  static void print(
      PlanReport report, Optional<Explainer> explainer, JsonOption json, PrintWriter out)
      throws IOException {
    if (json.isGiven()) {
      JsonOption.print("plan", report.json(explainer), out);
      return;
    }
    report.print(out);
    if (explainer.isPresent()) {
      Plan plan = report.plan();
      Reasons.of(plan.pending(), plan, explainer.get()).forEach(out::println);
    }
  }
}
