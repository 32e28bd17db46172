package dev.twintail.cli;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.spec.Experiment;
import dev.twintail.store.ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code get}: copies artifacts out of the store, under names for people. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = "Copies artifacts of an experiment into a folder: datasets, weights, results.")
final class GetCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;

  @Parameters(
      index = "1..*",
      paramLabel = "NAME",
      description = {
        "Names, folders or globs as 'ls' prints them, such as datasets, "
            + "'weights/*/round-01' or results/summary.arrow. Default: results."
      })
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to copy into; made when needed.")
  private Path output;

  @Option(names = "--force", description = "Replace files that hold something else.")
  private boolean force;

  @Mixin private StoreOption store;
  @Mixin private TrustOption trust;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  GetCommand() {}

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    TrustOption.Keys keys = trust.read();
    PrintWriter err = command.commandLine().getErr();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "get", keys.in(objects));
      Catalogue catalogue =
          Catalogue.of(Results.plan(experiment, options, workspace), options.asNamed());
      TrustOption.warn(workspace.trust(), err::println);
      SortedMap<String, Digest> found =
          catalogue.matching(patterns.isEmpty() ? List.of("results") : patterns);
      OutputFolder folder = force ? OutputFolder.replacing(output) : OutputFolder.keeping(output);
      for (Map.Entry<String, Digest> entry : found.entrySet()) {
        Blob blob =
            workspace
                .blobs()
                .get(entry.getValue())
                .orElseThrow(
                    () -> new NoResultsException("Cannot find " + entry.getKey() + " any more"));
        command.commandLine().getOut().println(folder.write(blob, entry.getKey()));
      }
    }
    return ExitCode.OK;
  }
}
