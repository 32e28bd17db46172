package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.Forecast;
import dev.twintail.plan.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plan}: what a run would execute, and why. */
@Command(
    name = "plan",
    description = "Tells what a run would execute and what it would reuse; executes nothing.")
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

  @Option(names = "--json", description = "Print the plan as JSON.")
  private boolean json;

  @Option(
      names = "--slots",
      paramLabel = "N",
      split = ",",
      description = {
        "Tell how long what is pending would take with so many actions at once, if each takes as"
            + " long as the like of it that the store holds."
      })
  private List<Integer> slots = List.of();

  @Override
  void check() {
    if (slots.stream().anyMatch(n -> n < 1)) {
      throw new UsageException("Cannot plan for fewer than one slot: --slots needs 1 or more");
    }
    if (json && !slots.isEmpty()) {
      throw new UsageException("Cannot tell --slots as JSON: leave out --json");
    }
  }

  @Override
  int call(Study study, Session session) throws Exception {
    Plan plan = verify ? session.plan(study) : session.survey(study);
    print(study, plan, explain ? Optional.of(session.explainer()) : Optional.empty(), json, out());
    if (!slots.isEmpty()) {
      printForecast(session.forecast(plan));
    }
    return exitCode && !plan.pending().isEmpty() ? ExitCode.PENDING : ExitCode.OK;
  }

  private void printForecast(Forecast forecast) {
    out()
        .printf(
            Locale.ROOT,
            "Expected: %.0f s of work, the longest chain %.0f s%n%8s %10s %12s%n",
            seconds(forecast.work()),
            seconds(forecast.criticalPath()),
            "slots",
            "seconds",
            "actions/s");
    for (int number : slots) {
      double wall = seconds(forecast.wall(number));
      out()
          .printf(
              Locale.ROOT,
              "%8d %10.0f %12.2f%n",
              number,
              wall,
              wall == 0 ? 0 : forecast.actions() / wall);
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  /**
   * Prints a plan.
   *
   * @param explainer tells why what is pending has to be executed, if that is wanted
   */
  static void print(
      Study study, Plan plan, Optional<Explainer> explainer, boolean json, PrintWriter out)
      throws IOException {
    PlanReport report = new PlanReport(study, plan, study.untrainable(plan));
    if (json) {
      report.printJson(explainer, out);
      return;
    }
    report.print(out);
    if (explainer.isPresent()) {
      Reasons.of(plan.pending(), plan, explainer.get()).forEach(out::println);
    }
  }
}
