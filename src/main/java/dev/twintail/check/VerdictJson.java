package dev.twintail.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Map;

/**
 * A report for programs: one JSON object whose fields have a fixed order. Accuracies are fractions
 * of 1.
 */
public final class VerdictJson {
  private static final int SCHEMA = 1;

  private final JsonGenerator json;

  private VerdictJson(JsonGenerator json) {
    this.json = json;
  }

  /** Returns the whole document. */
  public static String of(CheckReport report) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      new VerdictJson(json).write(report);
    }
    return text.append('\n').toString();
  }

  private void write(CheckReport report) throws IOException {
    json.writeStartObject();
    json.writeNumberField("schema", SCHEMA);
    json.writeStringField("experiment", report.experiment());
    json.writeNumberField("rounds", report.rounds());
    json.writeBooleanField("asExpected", report.failed() == 0);
    json.writeObjectFieldStart("verdicts");
    for (Map.Entry<String, Integer> count : report.verdicts().entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("suites");
    for (Suite suite : report.suites()) {
      write(suite);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("claims");
    for (JudgedClaim claim : report.claims()) {
      write(claim, report.expected());
    }
    json.writeEndArray();
    write("results", report.results());
    json.writeEndObject();
  }

  private void write(Suite suite) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", suite.name());
    json.writeStringField("file", suite.file());
    json.writeNumberField("checked", suite.cases().size());
    json.writeNumberField("failed", suite.failures().size());
    json.writeArrayFieldStart("failures");
    for (Case one : suite.failures()) {
      json.writeStartObject();
      json.writeStringField("name", one.name());
      json.writeStringField("failure", one.failure().orElse(""));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("skipped");
    for (Case one : suite.skipped()) {
      json.writeStartObject();
      json.writeStringField("name", one.name());
      json.writeStringField("why", one.skipped().orElse(""));
      json.writeEndObject();
    }
    json.writeEndArray();
    write("properties", suite.properties());
    json.writeEndObject();
  }

  private void write(JudgedClaim claim, Verdicts expected) throws IOException {
    Expectation found = claim.found();
    json.writeStartObject();
    json.writeStringField("model", found.place().model());
    json.writeStringField("split", found.place().split());
    json.writeStringField("where", found.place().where());
    json.writeNumberField("number", found.place().number());
    json.writeObjectFieldStart("published");
    json.writeNumberField("mean", fraction(found.mean()));
    if (found.std().isPresent()) {
      json.writeNumberField("std", fraction(found.std().get()));
    }
    json.writeNumberField("rounds", found.rounds());
    json.writeEndObject();
    json.writeObjectFieldStart("measured");
    json.writeNumberField("mean", claim.mean());
    if (claim.std().isPresent()) {
      json.writeNumberField("std", claim.std().get());
    }
    json.writeNumberField("rounds", claim.rounds());
    json.writeEndObject();
    json.writeStringField("verdict", found.verdict());
    if (expected.at(found.place()).isPresent()) {
      json.writeStringField("expected", expected.at(found.place()).get().verdict());
    }
    json.writeStringField("reason", claim.reason());
    json.writeEndObject();
  }

  private static BigDecimal fraction(String percent) {
    return new BigDecimal(percent).movePointLeft(2);
  }

  private void write(String name, Map<String, String> fields) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> field : fields.entrySet()) {
      json.writeStringField(field.getKey(), field.getValue());
    }
    json.writeEndObject();
  }
}
