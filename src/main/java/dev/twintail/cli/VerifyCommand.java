package dev.twintail.cli;

import dev.twintail.model.Trainer;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.plan.Graph;
import dev.twintail.plan.LockChange;
import dev.twintail.plan.LockFile;
import dev.twintail.plan.Preimages;
import dev.twintail.record.RunRecord;
import dev.twintail.record.VerificationResult;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.StageName;
import dev.twintail.store.ObjectStore;
import dev.twintail.verify.Recomputation;
import dev.twintail.verify.RecordedAction;
import dev.twintail.verify.RecordedActions;
import dev.twintail.verify.Verification;
import dev.twintail.workspace.Workspace;
import java.io.Closeable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code verify}: computes recorded actions again and compares the bytes. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = {
      "Computes what the store holds of an experiment again and compares byte for byte.",
      "Each action gets its recorded inputs. Tells what differs and records what came out."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      split = ",",
      description = "Only actions of these stages, such as train-siamese; may be repeated.")
  private List<String> stages = new ArrayList<>();

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Only N actions, spread over the stages. Default: all.")
  private @Nullable Integer sample;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Chooses the sample. Default: the experiment's seed.")
  private @Nullable Long seed;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many actions run at once. Default: one a processor.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--locked",
      description = "Compare what comes out with the lock file beside the spec, too.")
  private boolean locked;

  @Option(
      names = "--sign",
      paramLabel = "KEY",
      description = "Sign with this private key what was reproduced, and the records of it.")
  private @Nullable Path sign;

  @Mixin private TrustOption trust;
  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  VerifyCommand() {}

  @Override
  public Integer call() throws Exception {
    if (workers < 1 || workers > RunCommand.MOST_WORKERS) {
      throw new UsageException(
          "Cannot verify with "
              + workers
              + " workers: --workers needs 1 to "
              + RunCommand.MOST_WORKERS);
    }
    if (sample != null && sample < 1) {
      throw new UsageException(
          "Cannot verify a sample of " + sample + ": --sample needs 1 or more");
    }
    Set<StageName> wanted = stages();
    Experiment experiment = options.read();
    Optional<LockFile> lock = locked ? Optional.of(Locks.require(options)) : Optional.empty();
    TrustOption.Keys keys = trust.read(Optional.ofNullable(sign));
    RunProgress progress = new RunProgress(command.commandLine().getErr());
    String id = RunRecord.newId(Instant.now());
    try (ObjectStore objects = store.open();
        Closeable lease = RunCommand.announce(objects, id, progress)) {
      Interruption interruption = Interruption.watch(progress, lease, objects);
      try {
        Workspace workspace =
            Workspace.of(
                objects, progress::note, VersionCommand.programVersion(), id, keys.in(objects));
        return verify(experiment, wanted, lock, workspace, id, progress);
      } finally {
        interruption.unwatch();
      }
    }
  }

  private Set<StageName> stages() {
    if (stages.isEmpty()) {
      return EnumSet.allOf(StageName.class);
    }
    Set<StageName> wanted = EnumSet.noneOf(StageName.class);
    for (String label : stages) {
      wanted.add(
          Arrays.stream(StageName.values())
              .filter(s -> s.label().equals(label))
              .findFirst()
              .orElseThrow(
                  () ->
                      new UsageException(
                          "Cannot find the stage '"
                              + label
                              + "': there are "
                              + Arrays.stream(StageName.values())
                                  .map(StageName::label)
                                  .collect(Collectors.joining(", ")))));
    }
    return wanted;
  }

  private int verify(
      Experiment experiment,
      Set<StageName> wanted,
      Optional<LockFile> lock,
      Workspace workspace,
      String id,
      RunProgress progress)
      throws Exception {
    Trainer trainer = options.trainer();
    RecordedActions recorded =
        RecordedActions.of(
            experiment, Preimages.in(ExperimentRun.environment(trainer)), workspace, workers);
    TrustOption.warn(workspace.trust(), progress::note);
    List<RecordedAction> all =
        recorded.all().stream().filter(c -> wanted.contains(c.node().stage().name())).toList();
    List<Graph.Node> pending = new ArrayList<>(recorded.graph().nodes());
    pending.removeAll(recorded.all().stream().map(RecordedAction::node).toList());
    // The results of a part of an experiment are other ones, which nobody may have gathered.
    pending.removeIf(
        n ->
            !wanted.contains(n.stage().name())
                || (options.isPart() && n.stage().name() == StageName.RESULTS));
    if (all.isEmpty()) {
      throw new NoResultsException(
          "Cannot find any of these "
              + pending.size()
              + " actions in the store; execute them with: twintail run "
              + options.asNamed());
    }
    List<RecordedAction> chosen =
        sample == null
            ? all
            : RecordedActions.sample(all, sample, seed == null ? experiment.seed() : seed);
    Progress told = new Progress(progress, chosen.size());
    Verification.Recomputations report =
        new Verification(
                workspace, trainer, workers, id, VersionCommand.programVersion(), told::verified)
            .verify(chosen);
    return print(report, pending, all.size() + pending.size(), lock);
  }

  /** Tells of one action after the other. */
  private static final class Progress {
    private final RunProgress progress;
    private final int total;
    private int done;

    Progress(RunProgress progress, int total) {
      this.progress = progress;
      this.total = total;
    }

    synchronized void verified(Recomputation found) {
      done++;
      progress.note(
          String.format(
              Locale.ROOT,
              "[%d/%d] %s %s %s",
              done,
              total,
              found.action().node().name(),
              found.result(),
              RunProgress.seconds(found.elapsed())));
    }
  }

  private int print(
      Verification.Recomputations report,
      List<Graph.Node> pending,
      int actions,
      Optional<LockFile> lock) {
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Map<VerificationResult, Integer> counts = new EnumMap<>(VerificationResult.class);
    for (Recomputation found : report.all()) {
      counts.merge(found.result(), 1, Integer::sum);
      for (String detail : Findings.lines(found)) {
        out.println(found.action().node().name() + " " + found.result() + ": " + detail);
      }
    }
    List<LockChange> differences =
        lock.map(l -> l.differencesOf(report.outputs(), Locks.coverage(options))).orElse(List.of());
    differences.forEach(d -> out.println(Locks.line(d) + ": not as " + options.lock() + " says"));
    report.unrecorded().forEach(line -> err.println("Not recorded: " + line));
    int reproduced = counts.getOrDefault(VerificationResult.REPRODUCED, 0);
    int differ =
        counts.getOrDefault(VerificationResult.DIFFERS, 0)
            + counts.getOrDefault(VerificationResult.DAMAGED, 0);
    StringBuilder line = new StringBuilder();
    line.append(report.all().size() + " of " + actions + " actions verified: ");
    line.append(reproduced + " reproduced, " + differ + " differ");
    append(
        line,
        counts.getOrDefault(VerificationResult.ENVIRONMENT_DIFFERS, 0),
        "of another environment");
    append(line, counts.getOrDefault(VerificationResult.NOT_VERIFIABLE, 0), "not verifiable");
    append(line, pending.size(), "pending");
    if (lock.isPresent()) {
      line.append(", ").append(options.lock().getFileName());
      line.append(differences.isEmpty() ? " holds" : " does not hold");
    }
    out.println(line);
    out.flush();
    if (differ > 0 || !differences.isEmpty()) {
      return ExitCode.NOT_REPRODUCED;
    }
    return pending.isEmpty() && reproduced == report.all().size() ? ExitCode.OK : ExitCode.PENDING;
  }

  private static void append(StringBuilder line, int count, String what) {
    if (count > 0) {
      line.append(", ").append(count).append(' ').append(what);
    }
  }
}
