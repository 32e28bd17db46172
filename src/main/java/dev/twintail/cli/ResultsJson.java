package dev.twintail.cli;

import dev.twintail.json.JsonObject;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SecondEngine;
import dev.twintail.report.SummaryTable;
import dev.twintail.spec.Experiment;
import dev.twintail.stats.Interval;
import dev.twintail.stats.SecondOpinion;
import dev.twintail.verify.VerifiedActions;
import java.util.Map;
import java.util.Optional;

/** Results for programs. Accuracies are fractions of 1. */
record ResultsJson(
    Experiment experiment,
    SummaryTable table,
    Map<String, VerifiedActions.VerificationStanding> verified) {

  /** Returns what a run did, then the results. */
  JsonObject json(RunRecord run) {
    return new JsonObject().put("run", run.id()).put("actions", actions(run)).putAll(json());
  }

  /** Returns how many actions a run executed and reused, by stage. */
  static JsonObject actions(RunRecord run) {
    return JsonObject.of(
        run.counts(),
        count -> new JsonObject().put("executed", count.executed()).put("reused", count.reused()));
  }

  /** Returns what the other engine made of the same rounds. */
  static JsonObject json(SecondEngine second) {
    SecondOpinion opinion = second.opinion();
    return new JsonObject()
        .put("engine", second.engine())
        .put("difference", opinion.difference())
        .putIfPresent("standardError", opinion.standardError())
        .putIfPresent("std", opinion.std())
        .put("beyond", opinion.beyond())
        .putEach("models", opinion.models(), ResultsJson::json);
  }

  private static JsonObject json(SecondOpinion.ModelOpinion model) {
    return new JsonObject()
        .put("model", model.model())
        .put("n", model.n())
        .put("mean", model.first())
        .put("secondMean", model.second())
        .put("difference", model.difference())
        .putIfPresent("low", model.interval95().map(Interval::low))
        .putIfPresent("high", model.interval95().map(Interval::high))
        .putIfPresent("p", model.p());
  }

  JsonObject json() {
    return new JsonObject()
        .put("experiment", experiment.name())
        .put("rounds", experiment.rounds())
        .putEach("results", table.rows(), this::json);
  }

  private JsonObject json(SummaryTable.ModelSummary row) {
    JsonObject json =
        new JsonObject()
            .put("model", row.model())
            .put("parameters", row.parameters())
            .put("n", row.n())
            .put("mean", row.mean())
            .put("median", row.median())
            .put("idle", row.idle());
    row.optional().forEach(json::put);
    return json.put("verdict", row.verdict())
        .putIfPresent(
            "verified",
            Optional.ofNullable(verified.get(row.model()))
                .map(
                    standing ->
                        new JsonObject()
                            .put("actions", standing.actions())
                            .put("verified", standing.verified())
                            .put("recomputations", standing.recomputations())
                            .put("disputed", standing.disputed())));
  }
}
