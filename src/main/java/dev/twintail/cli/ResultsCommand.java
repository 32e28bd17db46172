package dev.twintail.cli;

import dev.twintail.app.OutputFolder;
import dev.twintail.app.Results;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.app.TableFormat;
import dev.twintail.report.SecondEngine;
import dev.twintail.report.SummaryTable;
import dev.twintail.result.Table;
import dev.twintail.verify.VerifiedActions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code results}: the table again, from the store. */
@Command(
    name = "results",
    description = "Prints the results that the store holds; runs nothing.",
    footer = {
      "twintail results vieli2021                    the table again",
      "twintail results vieli2021 --only 'Conv*' --rounds 3",
      "twintail results vieli2021 --format md        for a page; csv and json, too",
      "twintail results vieli2021 --predictions p.csv",
    })
final class ResultsCommand extends StudyCommand {

  enum ResultsFormat {
    TEXT,
    CSV,
    MD,
    JSON
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = Words.TableFormats.class,
      defaultValue = "text",
      description = "text (default), md, csv with all columns of results/summary.arrow, or json.")
  private ResultsFormat format = ResultsFormat.TEXT;

  @Option(names = "--csv", description = "The same as --format csv.")
  private boolean csv;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description = "Write the predictions of all models and rounds as one table: .arrow or .csv.")
  private @Nullable Path predictions;

  @Option(
      names = "--claims",
      paramLabel = "FILE",
      description =
          "Write the published numbers with their verdicts by all that the store holds: "
              + ".arrow or .csv.")
  private @Nullable Path claims;

  @Option(
      names = "--actions",
      paramLabel = "FILE",
      description =
          "Write the keys of all actions and the digests of their outputs: .arrow or .csv.")
  private @Nullable Path actions;

  @Option(
      names = "--timings",
      paramLabel = "FILE",
      description = {
        "Write when and where the actions were executed: .arrow or .csv; "
            + "the one table that differs from store to store."
      })
  private @Nullable Path timings;

  @Option(names = "--force", description = "Replace files that hold something else.")
  private boolean force;

  @Override
  void check() {
    Set<Path> files = new HashSet<>();
    for (Path file : Arrays.asList(predictions, claims, actions, timings)) {
      if (file != null) {
        TableFormat.of(file);
        if (!files.add(file.toAbsolutePath().normalize())) {
          throw new UsageException("Cannot write two tables into " + file + ": name two files");
        }
      }
    }
    if (csv && format == ResultsFormat.TEXT) {
      format = ResultsFormat.CSV;
    }
    if (json().isGiven() && format == ResultsFormat.TEXT) {
      format = ResultsFormat.JSON;
    }
    if ((csv && format != ResultsFormat.CSV)
        || (json().isGiven() && format != ResultsFormat.JSON)) {
      throw new UsageException("Cannot print in two formats: name one");
    }
  }

  @Override
  int call(Study study, Session session) throws Exception {
    Results results = session.results(study);
    SummaryTable summary = summary(results);
    writeTables(results);
    if (format == ResultsFormat.JSON || format == ResultsFormat.CSV) {
      openVerdicts(results).ifPresent(err()::println);
    }
    VerifiedActions verified = results.verified();
    Optional<SecondEngine> second = results.secondEngine();
    if (format == ResultsFormat.JSON) {
      json()
          .print(
              new ResultsJson(study.experiment(), summary, verified.byModel())
                  .json()
                  .putIfPresent("secondEngine", second.map(ResultsJson::json)));
      return ExitCode.OK;
    }
    if (format == ResultsFormat.CSV) {
      out().print(TableFormat.text(results.accuracies()));
      return ExitCode.OK;
    }
    SummaryTable table = summary;
    if (second.isPresent()) {
      table = table.with("second engine", second.get().cells()).noting(second.get().words());
    }
    if (verified.isAny()) {
      Map<String, String> cells = new HashMap<>();
      verified
          .byModel()
          .forEach((model, standing) -> cells.put(model, FindingsText.text(standing)));
      table = table.with("verified", cells);
    }
    out()
        .print(
            format == ResultsFormat.MD
                ? table.markdown(study.title())
                : table.text(study.title(), Terminal.width()));
    return ExitCode.OK;
  }

  /** Writes all tables that are asked for, or none if one of them may not be written. */
  private void writeTables(Results results) throws IOException {
    Map<Path, Table> tables = new LinkedHashMap<>();
    if (predictions != null) {
      tables.put(predictions, results.predictions());
    }
    if (claims != null) {
      tables.put(claims, results.published());
    }
    if (actions != null) {
      tables.put(actions, results.actions());
    }
    if (timings != null) {
      tables.put(timings, results.timings());
    }
    for (Map.Entry<Path, Table> table : tables.entrySet()) {
      folder(table.getKey()).requireReplaceable(table.getValue(), name(table.getKey()));
    }
    for (Map.Entry<Path, Table> table : tables.entrySet()) {
      Path file = table.getKey();
      folder(file).write(table.getValue(), name(file));
      err().println("Wrote " + Counts.counted(table.getValue().rows(), "row") + " to " + file);
    }
  }

  private OutputFolder folder(Path file) {
    Path folder = OutputFolder.of(file);
    return force ? OutputFolder.replacing(folder) : OutputFolder.keeping(folder);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
