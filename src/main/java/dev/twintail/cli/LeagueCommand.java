package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.report.SummaryTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code league}: all models from best to worst, compared on the same pairs. */
@Command(
    name = "league",
    description = "Writes all models from best to worst as Markdown; runs nothing.",
    footer = {
      "twintail league all                           all models, best to worst",
      "twintail league all -o league.md",
    })
final class LeagueCommand extends StudyCommand {
  @Mixin private OutputOption output;

  @Override
  int call(Study study, Session session) throws Exception {
    String page = session.league(study);
    if (!json().isGiven()) {
      output.write(page, out());
      return ExitCode.OK;
    }
    output.keep(page);
    List<SummaryTable.ModelSummary> rows = new ArrayList<>(session.results(study).summary().rows());
    rows.sort(Comparator.comparingDouble(row -> -row.mean()));
    json()
        .print(
            json -> {
              json.writeStringField("experiment", study.experiment().name());
              json.writeArrayFieldStart("models");
              for (SummaryTable.ModelSummary row : rows) {
                json.writeStartObject();
                ResultsJson.writeMean(row, json);
                json.writeEndObject();
              }
              json.writeEndArray();
            });
    return ExitCode.OK;
  }
}
