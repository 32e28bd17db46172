package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.model.Trainer;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.pipeline.ExperimentRun.Belief;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.LockFile;
import dev.twintail.record.Machine;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SummaryTable;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.StageName;
import dev.twintail.store.ObjectStore;
import dev.twintail.upkeep.StoreLease;
import dev.twintail.workspace.Workspace;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: executes what is pending, and prints the results. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = "Runs an experiment: executes what the store does not hold, prints the results.")
final class RunCommand implements Callable<Integer> {
  static final int MOST_WORKERS = 1024;

  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;
  @Mixin private StoreOption store;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many actions run at once. Default: one a processor.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the four IDX files, raw or .gz; asked before all other sources.")
  private @Nullable Path data;

  @Option(names = "--json", description = "Print the results as JSON; with --dry-run, the plan.")
  private boolean json;

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

  @Mixin private TrustOption trust;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new UsageException(
          "Cannot run with " + workers + " workers: --workers needs 1 to " + MOST_WORKERS);
    }
    if (dryRun) {
      if (lock || locked || sign != null) {
        throw new UsageException(
            "Cannot plan with --lock, --locked or --sign: leave them or --dry-run out");
      }
      return PlanCommand.dryRun(options, store, trust, json, explain, command.commandLine());
    }
    Experiment experiment = options.read();
    Optional<LockFile> expected = locked ? Optional.of(Locks.require(options)) : Optional.empty();
    if (lock) {
      Locks.requireWhole(options);
    }
    TrustOption.Keys keys = trust.read(Optional.ofNullable(sign));
    PrintWriter err = command.commandLine().getErr();
    RunProgress progress = new RunProgress(err);
    Instant started = Instant.now();
    String id = RunRecord.newId(started);
    try (ObjectStore objects = store.open();
        Closeable lease = announce(objects, id, progress)) {
      Interruption interruption = Interruption.watch(progress, lease, objects);
      Workspace workspace =
          Workspace.of(
              objects, progress::note, VersionCommand.programVersion(), id, keys.in(objects));
      Trainer trainer = options.trainer();
      ExperimentRun.Sources sources =
          new DigitSupply(workspace.blobs(), store.downloads(), data, progress);
      ExperimentRun.Summary summary;
      RunRecord record;
      List<String> reasons = List.of();
      try {
        summary =
            new ExperimentRun(workspace, trainer, workers, progress)
                .with(verify ? Belief.NOTHING : Belief.NAMES_AND_SIZES)
                .run(id, experiment, sources);
        if (explain) {
          reasons = reasons(summary, workspace);
        }
        record =
            new RunRecord(
                id,
                experiment.name(),
                VersionCommand.programVersion(),
                started,
                Instant.now(),
                Machine.current().host(),
                workers,
                summary.steps());
        record(record, workspace, progress);
      } finally {
        interruption.unwatch();
        progress.erase();
        TrustOption.warn(workspace.trust(), progress::note);
      }
      reasons.forEach(err::println);
      print(experiment, record, workspace, summary.results());
      if (lock) {
        Locks.write(LockFile.of(summary.after()), options, err);
      }
      return expected.isPresent()
          ? Locks.compare(expected.get(), summary.after(), options, err)
          : ExitCode.OK;
    }
  }

  /**
   * Keeps garbage collections away, unless the store cannot be written: then none comes, either.
   */
  static Closeable announce(ObjectStore objects, String id, RunProgress progress)
      throws InterruptedException {
    try {
      return StoreLease.use(objects, id, progress::note)::close;
    } catch (IOException e) {
      return () -> {};
    }
  }

  /** Explains before the run is on record, since what it did explains nothing of itself. */
  private static List<String> reasons(ExperimentRun.Summary summary, Workspace workspace)
      throws IOException {
    return Reasons.of(summary.executed(), summary.after(), Explainer.over(workspace));
  }

  /** Writes the run down. Where nothing was executed, a read-only store is no reason to fail. */
  private static void record(RunRecord record, Workspace workspace, RunProgress progress)
      throws IOException {
    try {
      workspace.runs().append(record);
    } catch (IOException e) {
      if (record.counts().values().stream().anyMatch(c -> c.executed() > 0)) {
        throw e;
      }
      progress.note("This run is not recorded: " + e.getMessage());
    }
  }

  private void print(Experiment experiment, RunRecord record, Workspace workspace, Manifest results)
      throws IOException {
    SummaryTable table = Results.noted(experiment, workspace, results);
    PrintWriter out = command.commandLine().getOut();
    Map<String, RunRecord.Counts> counts = record.counts();
    if (json) {
      new ResultsJson(experiment, table, Map.of()).writeRun(record, out);
      return;
    }
    PrintWriter err = command.commandLine().getErr();
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
    err.printf(
        Locale.ROOT,
        "%d %s executed, %d reused, %s%s%n",
        executed,
        executed == 1 ? "action" : "actions",
        reused,
        RunProgress.seconds(Duration.between(record.started(), record.ended())),
        stages);
    out.print(table.text(Results.title(experiment)));
    out.flush();
  }
}
