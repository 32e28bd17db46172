package dev.twintail.archive;

import dev.twintail.blob.Digest;
import dev.twintail.json.JsonObject;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A deposit as an in-toto statement, version 1, with SLSA provenance, version 1: which files came
 * out of which spec, digits and program. It is not signed; sign it with the tool of your choice.
 */
public final class InTotoStatement {
  private static final String BUILD_TYPE = "urn:twintail:experiment-run:1";
  private static final String BUILDER = "urn:twintail:program";

  private InTotoStatement() {}

  /** Returns the whole document. */
  public static String of(Deposit deposit) {
    return new JsonObject()
            .put("_type", "https://in-toto.io/Statement/v1")
            .putEach("subject", deposit.files(), InTotoStatement::resource)
            .put("predicateType", "https://slsa.dev/provenance/v1")
            .put(
                "predicate",
                new JsonObject()
                    .put("buildDefinition", definition(deposit))
                    .put("runDetails", details(deposit)))
            .text()
        + "\n";
  }

  /** What was asked for, and what it was made of. */
  private static JsonObject definition(Deposit deposit) {
    List<JsonObject> dependencies = new ArrayList<>();
    deposit.specs().forEach(spec -> dependencies.add(resource(spec)));
    deposit.sources().forEach(s -> dependencies.add(resource(s.name(), s.digest())));
    return new JsonObject()
        .put("buildType", BUILD_TYPE)
        .put(
            "externalParameters",
            new JsonObject()
                .put("experiment", deposit.experiment())
                .put("spec", resource(deposit.specs().get(0)))
                .put("seed", deposit.seed())
                .put("rounds", deposit.rounds())
                .put("models", deposit.models()))
        .put(
            "internalParameters",
            new JsonObject()
                .put("resultsKey", deposit.resultsKey())
                .put("environment", deposit.environment()))
        .put("resolvedDependencies", dependencies);
  }

  /** Who did it, when, and what else came out. */
  private static JsonObject details(Deposit deposit) {
    Deposit.DepositedRun run = deposit.run();
    return new JsonObject()
        .put(
            "builder",
            new JsonObject()
                .put("id", BUILDER)
                .put("version", Map.of("twintail", run.programVersion())))
        .put(
            "metadata",
            new JsonObject()
                .put("invocationId", run.id())
                .put("startedOn", run.started().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("finishedOn", run.ended().truncatedTo(ChronoUnit.SECONDS).toString()))
        .put("byproducts", List.of(resource(deposit.lock())));
  }

  private static JsonObject resource(Deposit.DepositedFile file) {
    return resource(file.name(), file.digest());
  }

  private static JsonObject resource(String name, Digest digest) {
    return new JsonObject().put("name", name).put("digest", Map.of("sha256", digest.sha256()));
  }
}
