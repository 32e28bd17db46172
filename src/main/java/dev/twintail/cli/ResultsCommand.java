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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
    Stream.of(predictions, claims, actions, timings)
        .filter(Objects::nonNull)
        .forEach(TableFormat::of);
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
    if (predictions != null) {
      write(results.predictions(), predictions);
    }
    if (claims != null) {
      write(results.published(), claims);
    }
    if (actions != null) {
      write(results.actions(), actions);
    }
    if (timings != null) {
      write(results.timings(), timings);
    }
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

  private void write(Table table, Path file) throws IOException {
    Path folder = OutputFolder.of(file);
    (force ? OutputFolder.replacing(folder) : OutputFolder.keeping(folder))
        .write(table, String.valueOf(file.getFileName()));
    err().println("Wrote " + Counts.counted(table.rows(), "row") + " to " + file);
  }
}
