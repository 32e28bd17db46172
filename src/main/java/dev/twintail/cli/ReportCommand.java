package dev.twintail.cli;

import dev.twintail.action.MalformedException;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Plan;
import dev.twintail.record.RunRecord;
import dev.twintail.report.ReportPage;
import dev.twintail.spec.Experiment;
import dev.twintail.store.ObjectStore;
import dev.twintail.verify.VerifiedActions;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code report}: everything that the store knows of an experiment, as a page for people. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description =
        "Writes the results as one page for a browser, with Markdown and SVG beside it; runs"
            + " nothing.")
final class ReportCommand implements Callable<Integer> {
  /** What the last run did: not part of the report, since it depends on the store. */
  private static final String RUN = "run.md";

  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to write into; made when needed, its files are replaced.")
  private Path output;

  @Option(
      names = "--as-run",
      paramLabel = "SPEC",
      description = "The authors' protocol. Default: NAME-as-run.yaml beside SPEC, if it is there.")
  private @Nullable Path asRun;

  @Mixin private TrustOption trust;
  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  ReportCommand() {}

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    PrintWriter err = command.commandLine().getErr();
    TrustOption.Keys keys = trust.read();
    try (ObjectStore objects = store.open()) {
      String id = RunRecord.newId(Instant.now());
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), id, keys.in(objects));
      Plan plan = Results.plan(experiment, options, workspace);
      Optional<Protocol> original = original(workspace);
      TrustOption.warn(workspace.trust(), err::println);
      Results.manifest(plan, options.asNamed());
      Protocol corrected =
          new Protocol(experiment, plan, options.arguments(options.file(), experiment));
      ReportAction action = ReportAction.of(workspace, corrected, original);
      ReportAction.Made report = action.execute(id, err::println);
      for (Map.Entry<String, Blob> file : report.files().entrySet()) {
        WholeFile.replace(output.resolve(file.getKey()), file.getValue());
      }
      writeRun(workspace, plan, experiment.name());
      PrintWriter out = command.commandLine().getOut();
      Digest page = Objects.requireNonNull(report.files().get(ReportPage.PAGE)).digest();
      out.printf(
          Locale.ROOT,
          "%s: %,d bytes, SHA-256 %s%n%d files, report action %s, %s%n",
          output.resolve(ReportPage.PAGE),
          page.size(),
          page.sha256(),
          report.files().size(),
          action.preimage().key().sha256(),
          report.reused() ? "reused" : "executed");
      out.flush();
    }
    return ExitCode.OK;
  }

  /** Returns the authors' protocol, if there is one of these models. */
  private Optional<Protocol> original(Workspace workspace)
      throws IOException, InterruptedException {
    Optional<Path> file = asRunFile();
    Optional<Experiment> experiment = file.flatMap(options::readLike);
    if (file.isEmpty() || experiment.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Protocol(
            experiment.get(),
            Results.plan(experiment.get(), options, workspace),
            options.arguments(file.get(), experiment.get())));
  }

  private Optional<Path> asRunFile() {
    if (asRun != null) {
      if (Files.notExists(asRun)) {
        throw new UsageException("Cannot find the as-run protocol " + asRun + ": no such file");
      }
      return Optional.of(asRun);
    }
    return Optional.of(ClaimsCommand.beside(options.file())).filter(Files::exists);
  }

  /** Tells of the newest run of the experiment whose record can be read. */
  private void writeRun(Workspace workspace, Plan plan, String experiment)
      throws IOException, InterruptedException {
    List<String> ids = workspace.runs().ids();
    for (int i = ids.size() - 1; i >= 0; i--) {
      try {
        Optional<RunRecord> run = workspace.runs().find(ids.get(i));
        if (run.isPresent() && run.get().spec().equals(experiment)) {
          String note = RunNote.of(run.get(), VerifiedActions.of(plan, workspace.verifications()));
          WholeFile.replace(output.resolve(RUN), note);
          return;
        }
      } catch (MalformedException e) {
        command
            .commandLine()
            .getErr()
            .println("Run " + ids.get(i) + " is left out: " + e.getMessage());
      }
    }
    Files.deleteIfExists(output.resolve(RUN));
  }
}
