package dev.twintail.cli;

import dev.twintail.app.ExportFormat;
import dev.twintail.app.OutputFolder;
import dev.twintail.app.Results;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: results in the forms in which others keep them. */
@Command(
    name = "export",
    description = "Writes results for an archive, with where they come from; runs nothing.",
    footer = {
      "twintail export vieli2021 --format ro-crate -o crate",
      "twintail export vieli2021 --format in-toto results -o provenance",
      "twintail export vieli2021 --format model-card --only ConvTail -o cards",
    })
final class ExportCommand extends StudyCommand {
  @Parameters(
      index = "1..*",
      paramLabel = "NAME",
      description = {
        "What to keep, as 'ls' prints it: names, folders or globs.",
        "Default: results; with dl4j, weights. Model cards need none."
      })
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = Words.ExportFormats.class,
      required = true,
      description = {
        "ro-crate: a folder with the files and their metadata (Workflow Run profile); "
            + "in-toto: a statement with SLSA provenance of the files' digests; "
            + "model-card: a page for each model; "
            + "dl4j: what each model learnt as a graph that Deeplearning4j loads, and the test "
            + "pairs to try it with."
      })
  private ExportFormat format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to write into; made when needed.")
  private Path output;

  @Option(names = "--force", description = "Replace files that hold something else.")
  private boolean force;

  @Override
  void check() {
    if (format == ExportFormat.MODEL_CARD && !patterns.isEmpty()) {
      throw new UsageException("Cannot choose files for model cards: leave out " + patterns.get(0));
    }
  }

  @Override
  int call(Study study, Session session) throws Exception {
    Results results = session.results(study);
    openVerdicts(results).ifPresent(err()::println);
    WrittenFiles told = new WrittenFiles(json(), out());
    session.export(
        results,
        format,
        patterns,
        force ? OutputFolder.replacing(output) : OutputFolder.keeping(output),
        told::add);
    told.done();
    return ExitCode.OK;
  }
}
