package dev.twintail.cli;

import dev.twintail.app.RunReport;
import dev.twintail.app.RunSettings;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.pipeline.BeamRunner;
import dev.twintail.pipeline.ExperimentRun.Belief;
import dev.twintail.pipeline.OnFailure;
import dev.twintail.plan.Estimate;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.LockFile;
import dev.twintail.plan.Plan;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SummaryTable;
import dev.twintail.stage.StageName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}: executes what is pending, and prints the results. */
@Command(
    name = "run",
    description = "Runs an experiment: executes what the store does not hold, prints the results.",
    footer = {
      "twintail run vieli2021                         all that is not there yet",
      "twintail run my.yaml --only ConvTail,Digits --rounds 3",
      "twintail run vieli2021 --store s3://team/twintail --create",
      "twintail run fu --data ~/mnist                 digits that lie here",
      "twintail run vieli2021 --runner flink -- --flinkMaster=host:8081",
    })
final class RunCommand extends StudyCommand {
  static final int MOST_WORKERS = 1024;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many actions run at once. Default: one a processor.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the four IDX files, raw or .gz; no other source is asked.")
  private @Nullable Path data;

  @Option(names = "--dry-run", description = "Execute nothing; tell what would be, as plan does.")
  private boolean dryRun;

  @Option(
      names = "--explain",
      description = "Tell for what was executed how its key differs from the nearest earlier one.")
  private boolean explain;

  @Option(
      names = "--verify",
      description = {
        "Read and hash every blob that is reused. Without, names and sizes are believed "
            + "of what nothing reads."
      })
  private boolean verify;

  @Option(
      names = "--lock",
      description = "Write the digests of everything into the lock file beside the spec.")
  private boolean lock;

  @Option(
      names = "--locked",
      description = {
        "Compare with the lock file beside the spec; exit with "
            + ExitCode.NOT_REPRODUCED
            + " if bytes differ."
      })
  private boolean locked;

  @Option(
      names = "--sign",
      paramLabel = "KEY",
      description = "Sign what is executed with this private key (of keygen).")
  private @Nullable Path sign;

  @Option(
      names = "--keep-going",
      description = {
        "When an action fails, go on with all that does not depend on it; tell all failures in the"
            + " end."
      })
  private boolean keepGoing;

  @Option(
      names = "--runner",
      paramLabel = "RUNNER",
      completionCandidates = Words.Runners.class,
      description = {
        "Who executes it: direct (default), threads of this process; or flink, a cluster named by"
            + " -- --flinkMaster=HOST:PORT, or else one inside this process."
      })
  private BeamRunner.RunnerName runner = BeamRunner.RunnerName.DIRECT;

  @Parameters(
      index = "1..*",
      paramLabel = "BEAM-OPTION",
      description = "After --: options of Beam's runner, such as --parallelism=32.")
  private List<String> beam = List.of();

  @Mixin private CreateOption create;

  @SuppressWarnings("NullAway.Init") // By check().
  private RunProgress progress;

  private Optional<LockFile> expected = Optional.empty();

  @Override
  void check() {
    progress = new RunProgress(err());
    requireWorkers(workers, "run");
    for (String option : beam) {
      if (!option.startsWith("--")) {
        throw new UsageException("Unexpected argument: '" + option + "'");
      }
    }
    if (lock && locked) {
      throw new UsageException(
          "Cannot compare with the lock file and write it: leave --lock or --locked out");
    }
    if (dryRun && (lock || locked || sign != null)) {
      throw new UsageException(
          "Cannot plan with --lock, --locked or --sign: leave them or --dry-run out");
    }
  }

  static void requireWorkers(int workers, String verb) {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new UsageException(
          "Cannot " + verb + " with " + workers + " workers: --workers needs 1 to " + MOST_WORKERS);
    }
  }

  @Override
  void prepare(Study study) throws IOException {
    expected = locked ? Optional.of(Locks.require(study, given())) : Optional.empty();
    if (lock) {
      requireWhole(study, "lock");
    }
  }

  @Override
  Session open(Session.Builder builder) throws IOException {
    return create.open(builder, err());
  }

  @Override
  Optional<Path> signing() {
    return Optional.ofNullable(sign);
  }

  @Override
  Consumer<String> notes() {
    return progress::note;
  }

  @Override
  int call(Study study, Session session) throws Exception {
    // What this run does explains nothing of itself.
    Optional<Explainer> explainer =
        explain ? Optional.of(session.explainer(study)) : Optional.empty();
    if (dryRun) {
      Plan plan = verify ? session.plan(study) : session.survey(study);
      PlanReport planned =
          new PlanReport(study, session.estimate(plan), study.untrainable(plan), workers);
      PlanCommand.print(planned, explainer, json(), out());
      return ExitCode.OK;
    }
    progress.estimating(plan -> estimate(session, plan), workers);
    Interruption interruption = Interruption.watch(progress, session);
    RunReport report;
    List<String> reasons = List.of();
    try {
      report =
          session.run(
              study,
              new RunSettings(
                  workers,
                  Optional.ofNullable(data),
                  verify ? Belief.NOTHING : Belief.NAMES_AND_SIZES,
                  progress,
                  new BeamRunner(runner, beam),
                  keepGoing ? OnFailure.KEEP_GOING : OnFailure.STOP));
      if (explainer.isPresent()) {
        reasons = Reasons.of(report.executed(), report.results().plan(), explainer.get());
      }
    } finally {
      interruption.unwatch();
      progress.end();
    }
    reasons.forEach(err()::println);
    print(report);
    Plan after = report.results().plan();
    if (lock) {
      Locks.write(LockFile.of(after), study, err());
    }
    return expected.isPresent()
        ? Locks.compare(expected.get(), after, study, given(), err())
        : ExitCode.OK;
  }

  /** A run goes on without an estimate. */
  private static Optional<Estimate> estimate(Session session, Plan plan) {
    try {
      return Optional.of(session.estimate(plan));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private void print(RunReport report) throws IOException {
    Study study = report.results().study();
    RunRecord record = report.record();
    SummaryTable table = summary(report.results());
    Map<String, RunRecord.Counts> counts = record.counts();
    if (json().isGiven()) {
      json().print(new ResultsJson(study.experiment(), table, Map.of()).json(record));
      return;
    }
    int executed = 0;
    int reused = 0;
    StringBuilder stages = new StringBuilder();
    for (StageName stage : StageName.values()) {
      RunRecord.Counts count = counts.get(stage.label());
      if (count != null) {
        executed += count.executed();
        reused += count.reused();
        stages.append(
            String.format(
                Locale.ROOT,
                "%n  %-14s %5d executed %5d reused",
                stage.label(),
                count.executed(),
                count.reused()));
      }
    }
    err()
        .printf(
            Locale.ROOT,
            "%s executed, %d reused, %s%s%n",
            Counts.counted(executed, "action"),
            reused,
            RunProgress.seconds(Duration.between(record.started(), record.ended())),
            stages);
    out().print(table.text(study.title(), Terminal.width()));
  }
}
