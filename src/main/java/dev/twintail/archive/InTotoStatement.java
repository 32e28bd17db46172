package dev.twintail.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * A deposit as an in-toto statement, version 1, with SLSA provenance, version 1: which files came
 * out of which spec, digits and program. It is not signed; sign it with the tool of your choice.
 */
public final class InTotoStatement {
  private static final String BUILD_TYPE = "urn:twintail:experiment-run:1";
  private static final String BUILDER = "urn:twintail:program";

  private final JsonGenerator json;

  private InTotoStatement(JsonGenerator json) {
    this.json = json;
  }

  /** Returns the whole document. */
  public static String of(Deposit deposit) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      new InTotoStatement(json).write(deposit);
    }
    return text.append('\n').toString();
  }

  private void write(Deposit deposit) throws IOException {
    json.writeStartObject();
    json.writeStringField("_type", "https://in-toto.io/Statement/v1");
    json.writeArrayFieldStart("subject");
    for (Deposit.DepositedFile file : deposit.files()) {
      resource(file.name(), file.digest());
    }
    json.writeEndArray();
    json.writeStringField("predicateType", "https://slsa.dev/provenance/v1");
    json.writeObjectFieldStart("predicate");
    definition(deposit);
    details(deposit);
    json.writeEndObject();
    json.writeEndObject();
  }

  /** What was asked for, and what it was made of. */
  private void definition(Deposit deposit) throws IOException {
    json.writeObjectFieldStart("buildDefinition");
    json.writeStringField("buildType", BUILD_TYPE);
    json.writeObjectFieldStart("externalParameters");
    json.writeStringField("experiment", deposit.experiment());
    json.writeFieldName("spec");
    resource(deposit.specs().get(0).name(), deposit.specs().get(0).digest());
    json.writeNumberField("seed", deposit.seed());
    json.writeNumberField("rounds", deposit.rounds());
    json.writeArrayFieldStart("models");
    for (String model : deposit.models()) {
      json.writeString(model);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeObjectFieldStart("internalParameters");
    json.writeStringField("resultsKey", deposit.resultsKey());
    json.writeObjectFieldStart("environment");
    for (Map.Entry<String, String> field : deposit.environment().entrySet()) {
      json.writeStringField(field.getKey(), field.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeArrayFieldStart("resolvedDependencies");
    for (Deposit.DepositedFile spec : deposit.specs()) {
      resource(spec.name(), spec.digest());
    }
    for (Deposit.DepositedSource source : deposit.sources()) {
      resource(source.name(), source.digest());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Who did it, when, and what else came out. */
  private void details(Deposit deposit) throws IOException {
    Deposit.DepositedRun run = deposit.run();
    json.writeObjectFieldStart("runDetails");
    json.writeObjectFieldStart("builder");
    json.writeStringField("id", BUILDER);
    json.writeObjectFieldStart("version");
    json.writeStringField("twintail", run.programVersion());
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("metadata");
    json.writeStringField("invocationId", run.id());
    json.writeStringField("startedOn", run.started().truncatedTo(ChronoUnit.SECONDS).toString());
    json.writeStringField("finishedOn", run.ended().truncatedTo(ChronoUnit.SECONDS).toString());
    json.writeEndObject();
    json.writeArrayFieldStart("byproducts");
    resource(deposit.lock().name(), deposit.lock().digest());
    json.writeEndArray();
    json.writeEndObject();
  }

  private void resource(String name, Digest digest) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeObjectFieldStart("digest");
    json.writeStringField("sha256", digest.sha256());
    json.writeEndObject();
    json.writeEndObject();
  }
}
