package dev.twintail.cli;

import dev.twintail.app.Patterns;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.app.VerifyReport;
import dev.twintail.app.VerifySettings;
import dev.twintail.json.JsonObject;
import dev.twintail.plan.LockChange;
import dev.twintail.plan.LockFile;
import dev.twintail.record.VerificationResult;
import dev.twintail.stage.StageName;
import dev.twintail.verify.Recomputation;
import dev.twintail.verify.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}: computes recorded actions again and compares the bytes. */
@Command(
    name = "verify",
    description = {
      "Computes what the store holds of an experiment again and compares byte for byte.",
      "Each action gets its recorded inputs. Tells what differs and records what came out."
    },
    footer = {
      "twintail verify vieli2021 --sample 20         a sample of 20 actions",
      "twintail verify vieli2021 train-siamese/ConvAux --locked",
    })
final class VerifyCommand extends StudyCommand {

  @Parameters(
      index = "1..*",
      paramLabel = "ACTION",
      description = "Only these, as 'explain' has them: names, parts of names, globs or keys.")
  private List<String> patterns = new ArrayList<>();

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

  @SuppressWarnings("NullAway.Init") // By check().
  private RunProgress progress;

  private Set<StageName> wanted = EnumSet.allOf(StageName.class);
  private Optional<LockFile> lock = Optional.empty();

  @Override
  void check() {
    progress = new RunProgress(err());
    RunCommand.requireWorkers(workers, "verify");
    if (sample != null && sample < 1) {
      throw new UsageException(
          "Cannot verify a sample of " + sample + ": --sample needs 1 or more");
    }
    if (seed != null && sample == null) {
      throw new UsageException(
          "Cannot choose by --seed where all is verified: add --sample, or leave it out");
    }
    wanted = stages();
  }

  @Override
  void prepare(Study study) throws IOException {
    lock = locked ? Optional.of(Locks.require(study, given())) : Optional.empty();
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
    VerifySettings settings =
        new VerifySettings(
            wanted,
            Patterns.split(patterns).stream().map(ExplainCommand::pattern).toList(),
            sample == null ? OptionalInt.empty() : OptionalInt.of(sample),
            Optional.ofNullable(seed),
            workers);
    Interruption interruption = Interruption.watch(progress, session);
    try {
      VerifyReport report = session.verify(study, settings, new VerifyProgress(progress));
      return print(report, study);
    } finally {
      interruption.unwatch();
    }
  }

  private Set<StageName> stages() {
    if (stages.isEmpty()) {
      return EnumSet.allOf(StageName.class);
    }
    Map<String, StageName> all = new LinkedHashMap<>();
    for (StageName stage : StageName.values()) {
      all.put(stage.label(), stage);
    }
    Set<StageName> wanted = EnumSet.noneOf(StageName.class);
    for (String label : stages) {
      StageName stage = all.get(label);
      if (stage == null) {
        throw new UsageException(
            "Cannot find the stage '" + label + "': there are " + String.join(", ", all.keySet()));
      }
      wanted.add(stage);
    }
    return wanted;
  }

  /** Tells of one action after the other. */
  private static final class VerifyProgress implements VerifyReport.VerifyListener {
    private final RunProgress progress;
    private int total;
    private int done;

    VerifyProgress(RunProgress progress) {
      this.progress = progress;
    }

    @Override
    public synchronized void chosen(int actions) {
      total = actions;
    }

    @Override
    public synchronized void verified(Recomputation found) {
      done++;
      progress.note(
          "[%s/%s] %s %s %s"
              .formatted(
                  done,
                  total,
                  found.action().node().name(),
                  found.result(),
                  RunProgress.seconds(found.elapsed())));
    }
  }

  private int print(VerifyReport verified, Study study) {
    Verification.Recomputations report = verified.found();
    List<LockChange> differences =
        lock.map(l -> l.differencesOf(report.outputs(), Locks.coverage(study))).orElse(List.of());
    report.unrecorded().forEach(line -> err().println("Not recorded: " + line));
    int reproduced = count(report, VerificationResult.REPRODUCED);
    int differ = differing(report);
    if (json().isGiven()) {
      json()
          .print(
              new JsonObject()
                  .put("experiment", study.experiment().name())
                  .put("actions", verified.actions())
                  .put("verified", report.all().size())
                  .put("reproduced", reproduced)
                  .put("differ", differ)
                  .putEach("pending", verified.pending(), node -> node.name().toString())
                  .putEach("lock", differences, Locks::line)
                  .putEach("findings", report.all(), this::json));
    } else {
      printText(verified, differences, study);
    }
    if (differ > 0 || !differences.isEmpty()) {
      return ExitCode.NOT_REPRODUCED;
    }
    boolean whole = verified.pending().isEmpty() && reproduced == report.all().size();
    return whole ? ExitCode.OK : ExitCode.PENDING;
  }

  private JsonObject json(Recomputation found) {
    return new JsonObject()
        .put("action", found.action().node().name().toString())
        .put("key", found.action().preimage().key().sha256())
        .put("result", found.result().toString())
        .put("seconds", found.elapsed().toMillis() / 1e3)
        .put("details", FindingsText.lines(found, given()));
  }

  private void printText(VerifyReport verified, List<LockChange> differences, Study study) {
    PrintWriter out = out();
    Verification.Recomputations report = verified.found();
    for (Recomputation found : report.all()) {
      for (String detail : FindingsText.lines(found, given())) {
        out.println(found.action().node().name() + " " + found.result() + ": " + detail);
      }
    }
    differences.forEach(d -> out.println(Locks.line(d) + ": not as " + study.lockFile() + " says"));
    if (!differences.isEmpty()) {
      lock.ifPresent(l -> Locks.tellEnvironment(l, study.environment(), err()));
    }
    StringBuilder line = new StringBuilder();
    line.append(report.all().size() + " of " + verified.actions() + " actions verified: ");
    line.append(count(report, VerificationResult.REPRODUCED) + " reproduced, ");
    line.append(differing(report) + " differ");
    append(line, count(report, VerificationResult.ENVIRONMENT_DIFFERS), "of another environment");
    append(line, count(report, VerificationResult.NOT_VERIFIABLE), "not verifiable");
    append(line, verified.pending().size(), "pending");
    if (lock.isPresent()) {
      line.append(", ").append(study.lockFile().getFileName());
      line.append(differences.isEmpty() ? " holds" : " does not hold");
    }
    out.println(line);
    out.flush();
  }

  private static int differing(Verification.Recomputations report) {
    return count(report, VerificationResult.DIFFERS) + count(report, VerificationResult.DAMAGED);
  }

  private static int count(Verification.Recomputations report, VerificationResult result) {
    return (int) report.all().stream().filter(found -> found.result() == result).count();
  }

  private static void append(StringBuilder line, int count, String what) {
    if (count > 0) {
      line.append(", ").append(count).append(' ').append(what);
    }
  }
}
