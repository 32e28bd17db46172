package dev.twintail.check;

import dev.twintail.json.JsonObject;
import java.math.BigDecimal;

/**
 * A report for programs: one JSON object whose fields have a fixed order. Accuracies are fractions
 * of 1.
 */
public final class VerdictJson {
  private static final int SCHEMA = 1;

  private VerdictJson() {}

  /** Returns the whole document. */
  public static String of(CheckReport report) {
    return new JsonObject()
            .put("schema", SCHEMA)
            .put("experiment", report.experiment())
            .put("rounds", report.rounds())
            .put("asExpected", report.failed() == 0)
            .put("verdicts", report.verdicts())
            .putEach("suites", report.suites(), VerdictJson::json)
            .putEach("claims", report.claims(), claim -> json(claim, report.expected()))
            .put("results", report.results())
            .text()
        + "\n";
  }

  private static JsonObject json(Suite suite) {
    return new JsonObject()
        .put("name", suite.name())
        .put("file", suite.file())
        .put("checked", suite.cases().size())
        .put("failed", suite.failures().size())
        .putEach(
            "failures",
            suite.failures(),
            one ->
                new JsonObject().put("name", one.name()).put("failure", one.failure().orElse("")))
        .putEach(
            "skipped",
            suite.skipped(),
            one -> new JsonObject().put("name", one.name()).put("why", one.skipped().orElse("")))
        .put("properties", suite.properties());
  }

  private static JsonObject json(JudgedClaim claim, Verdicts expected) {
    Expectation found = claim.found();
    return new JsonObject()
        .put("model", found.place().model())
        .put("split", found.place().split())
        .put("where", found.place().where())
        .put("number", found.place().number())
        .put(
            "published",
            new JsonObject()
                .put("mean", fraction(found.mean()))
                .putIfPresent("std", found.std().map(VerdictJson::fraction))
                .put("rounds", found.rounds()))
        .put(
            "measured",
            new JsonObject()
                .put("mean", claim.mean())
                .putIfPresent("std", claim.std())
                .put("rounds", claim.rounds()))
        .put("verdict", found.verdict())
        .putIfPresent("expected", expected.at(found.place()).map(Expectation::verdict))
        .put("reason", claim.reason());
  }

  private static BigDecimal fraction(String percent) {
    return new BigDecimal(percent).movePointLeft(2);
  }
}
