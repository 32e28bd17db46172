package dev.twintail.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.report.League;
import dev.twintail.stats.Interval;
import java.io.IOException;
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
            json -> {
              json.writeStringField("experiment", study.experiment().name());
              json.writeArrayFieldStart("models");
              for (League.Place place : league.places()) {
                json.writeStartObject();
                write(place, json);
                json.writeEndObject();
              }
              json.writeEndArray();
            });
    return ExitCode.OK;
  }

  /** Writes a place; accuracies and differences are fractions of 1. */
  private static void write(League.Place place, JsonGenerator json) throws IOException {
    json.writeStringField("model", place.model());
    json.writeNumberField("parameters", place.parameters());
    json.writeNumberField("n", place.n());
    json.writeNumberField("mean", place.mean() / 100);
    if (place.std().isPresent()) {
      json.writeNumberField("std", place.std().get() / 100);
    }
    json.writeNumberField("median", place.median() / 100);
    if (place.behind().isPresent()) {
      League.Behind behind = place.behind().get();
      json.writeNumberField("difference", behind.difference() / 100);
      if (behind.ci95().isPresent()) {
        write("difference_ci95", behind.ci95().get(), json);
      }
    }
    if (place.standing().isPresent()) {
      write("over_best_other", place.standing().get().overBestOther(), json);
      json.writeBooleanField("may_be_best", place.standing().get().mayBeBest());
    }
  }

  private static void write(String name, Interval interval, JsonGenerator json) throws IOException {
    json.writeNumberField(name + "_low", interval.low() / 100);
    json.writeNumberField(name + "_high", interval.high() / 100);
  }
}
