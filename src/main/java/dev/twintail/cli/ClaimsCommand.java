package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.pipeline.Plan;
import dev.twintail.pipeline.Workspace;
import dev.twintail.report.ClaimsPage;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.Published;
import dev.twintail.spec.SpecDifferences;
import dev.twintail.stage.CollectResults;
import dev.twintail.store.ObjectStore;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code claims}: what a report claims beside what comes out, in both protocols. */
@Command(
    name = "claims",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = "Writes a report's claims and what comes out of them as Markdown; runs nothing.")
final class ClaimsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;

  @Option(
      names = "--as-run",
      paramLabel = "SPEC",
      description = "The authors' protocol. Default: NAME-as-run.yaml beside SPEC.")
  private @Nullable Path asRun;

  @Mixin private OutputOption output;
  @Mixin private TrustOption trust;
  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  ClaimsCommand() {}

  @Override
  public Integer call() throws Exception {
    Experiment corrected = options.read();
    Path asRunFile = asRun == null ? beside(options.file()) : asRun;
    if (Files.notExists(asRunFile)) {
      throw new UsageException(
          "Cannot find the as-run protocol " + asRunFile + ": name it with --as-run");
    }
    Experiment original = options.read(asRunFile);
    PrintWriter err = command.commandLine().getErr();
    TrustOption.Keys keys = trust.read();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "claims", keys.in(objects));
      output.write(
          ClaimsPage.of(
              corrected.title(),
              corrected.source(),
              protocol(corrected, workspace, options.name()),
              protocol(original, workspace, asRunFile.toString()),
              SpecDifferences.between(corrected, original)),
          command.commandLine().getOut());
    }
    return ExitCode.OK;
  }

  /** Returns where the as-run protocol of a spec is. */
  static Path beside(Path spec) {
    String name = String.valueOf(spec.getFileName());
    return spec.resolveSibling(name.replaceFirst("\\.yaml$", "") + "-as-run.yaml");
  }

  private ClaimsPage.Protocol protocol(Experiment experiment, Workspace workspace, String spec)
      throws Exception {
    Plan plan = Results.plan(experiment, options, workspace);
    TrustOption.warn(workspace.trust(), command.commandLine().getErr()::println);
    Manifest results = Results.manifest(plan, spec);
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name :
        List.of(CollectResults.EVALUATIONS, CollectResults.SUMMARY, CollectResults.PUBLISHED)) {
      digests.put(name, results.output(name).sha256());
    }
    List<ClaimsPage.Model> models = new ArrayList<>();
    for (ModelSpec model : experiment.models()) {
      Map<String, String> remarks = new LinkedHashMap<>();
      for (Published claim : model.published()) {
        claim.remark().ifPresent(remark -> remarks.put(claim.where(), remark));
      }
      models.add(
          new ClaimsPage.Model(
              model.name(), model.parameters(), model.remark().orElse(""), remarks));
    }
    return new ClaimsPage.Protocol(
        experiment.name(),
        models,
        Results.table(workspace, results, CollectResults.SUMMARY),
        Results.table(workspace, results, CollectResults.PUBLISHED),
        digests);
  }
}
