package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.json.JsonObject;
import dev.twintail.report.League;
import dev.twintail.stats.Interval;
import dev.twintail.stats.MultipleComparisonsWithBest.Standing;
import java.util.Optional;
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
    League league = session.results(study).league();
    json()
        .print(
            new JsonObject()
                .put("experiment", study.experiment().name())
                .putEach("models", league.places(), LeagueCommand::json));
    return ExitCode.OK;
  }

  /** Writes a place; accuracies and differences are fractions of 1. */
  private static JsonObject json(League.Place place) {
    Optional<Interval> difference = place.behind().flatMap(League.Behind::ci95);
    Optional<Interval> lead = place.standing().map(Standing::overBestOther);
    return new JsonObject()
        .put("model", place.model())
        .put("parameters", place.parameters())
        .put("n", place.n())
        .put("mean", place.mean() / 100)
        .putIfPresent("std", place.std().map(std -> std / 100))
        .put("median", place.median() / 100)
        .putIfPresent("difference", place.behind().map(behind -> behind.difference() / 100))
        .putIfPresent("difference_ci95_low", difference.map(i -> i.low() / 100))
        .putIfPresent("difference_ci95_high", difference.map(i -> i.high() / 100))
        .putIfPresent("over_best_other_low", lead.map(i -> i.low() / 100))
        .putIfPresent("over_best_other_high", lead.map(i -> i.high() / 100))
        .putIfPresent("may_be_best", place.standing().map(Standing::mayBeBest));
  }
}
