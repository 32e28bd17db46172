package dev.twintail.cli;

import dev.twintail.app.OutputFolder;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code get}: copies artifacts out of the store, under names for people. */
@Command(
    name = "get",
    description = "Copies artifacts of an experiment into a folder: datasets, weights, results.",
    footer = {
      "twintail get vieli2021 results -o out",
      "twintail get vieli2021 weights/ConvTail/round-01 datasets/round-01 -o out",
      "twintail get vieli2021 '**' -o out             all there is",
    })
final class GetCommand extends StudyCommand {

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

  @Override
  int call(Study study, Session session) throws Exception {
    WrittenFiles told = new WrittenFiles(json(), out());
    SortedSet<String> pending =
        session.get(
            study,
            patterns.isEmpty() ? List.of("results") : patterns,
            force ? OutputFolder.replacing(output) : OutputFolder.keeping(output),
            told::add);
    told.done();
    return PendingArtifacts.tell(pending, study, given(), err());
  }
}
