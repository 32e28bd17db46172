package dev.twintail.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SummaryTable;
import dev.twintail.spec.Experiment;
import dev.twintail.verify.VerifiedActions;
import java.io.IOException;
import java.util.Map;

/** Results for programs. Accuracies are fractions of 1. */
record ResultsJson(
    Experiment experiment,
    SummaryTable table,
    Map<String, VerifiedActions.VerificationStanding> verified) {

  /** Writes what a run did, then the results. */
  void write(RunRecord run, JsonGenerator json) throws IOException {
    json.writeStringField("run", run.id());
    writeActions(run, json);
    write(json);
  }

  /** Writes how many actions a run executed and reused, by stage. */
  static void writeActions(RunRecord run, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("actions");
    for (Map.Entry<String, RunRecord.Counts> stage : run.counts().entrySet()) {
      json.writeObjectFieldStart(stage.getKey());
      json.writeNumberField("executed", stage.getValue().executed());
      json.writeNumberField("reused", stage.getValue().reused());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Writes the results. */
  void write(JsonGenerator json) throws IOException {
    json.writeStringField("experiment", experiment.name());
    json.writeNumberField("rounds", experiment.rounds());
    json.writeArrayFieldStart("results");
    for (SummaryTable.ModelSummary row : table.rows()) {
      json.writeStartObject();
      json.writeStringField("model", row.model());
      json.writeNumberField("parameters", row.parameters());
      json.writeNumberField("n", row.n());
      json.writeNumberField("mean", row.mean());
      json.writeNumberField("median", row.median());
      json.writeNumberField("idle", row.idle());
      for (Map.Entry<String, Double> entry : row.optional().entrySet()) {
        json.writeNumberField(entry.getKey(), entry.getValue());
      }
      json.writeStringField("verdict", row.verdict());
      VerifiedActions.VerificationStanding standing = verified.get(row.model());
      if (standing != null) {
        json.writeObjectFieldStart("verified");
        json.writeNumberField("actions", standing.actions());
        json.writeNumberField("verified", standing.verified());
        json.writeNumberField("recomputations", standing.recomputations());
        json.writeNumberField("disputed", standing.disputed());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
