package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.report.ClaimsPage;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.SpecDifferences;
import dev.twintail.stage.CollectResults;
import dev.twintail.store.ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Experiment original =
        options
            .readLike(asRunFile)
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot compare with " + asRunFile + ": it has none of these models"));
    PrintWriter err = command.commandLine().getErr();
    TrustOption.Keys keys = trust.read();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "claims", keys.in(objects));
      Protocol common = protocol(corrected, workspace, options.asNamed());
      Protocol asRunProtocol = protocol(original, workspace, asRunFile.toString());
      TrustOption.warn(workspace.trust(), err::println);
      output.write(
          ClaimsPage.of(
              corrected.title(),
              corrected.source(),
              corrected.claimsRemark(),
              claims(common, workspace),
              claims(asRunProtocol, workspace),
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

  private Protocol protocol(Experiment experiment, Workspace workspace, String spec)
      throws IOException, InterruptedException {
    return new Protocol(experiment, Results.plan(experiment, options, workspace), spec);
  }

  private static ClaimsPage.Protocol claims(Protocol protocol, Workspace workspace)
      throws IOException {
    Manifest results = protocol.results();
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name :
        List.of(CollectResults.EVALUATIONS, CollectResults.SUMMARY, CollectResults.PUBLISHED)) {
      digests.put(name, results.output(name).sha256());
    }
    return new ClaimsPage.Protocol(
        protocol.experiment().name(),
        protocol.words(),
        Results.table(workspace, results, CollectResults.SUMMARY),
        Results.table(workspace, results, CollectResults.PUBLISHED),
        Results.table(workspace, results, CollectResults.EVALUATIONS),
        digests);
  }
}
