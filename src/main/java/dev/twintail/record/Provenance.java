package dev.twintail.record;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.blob.Blob;
import dev.twintail.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * When, where and by which run an action was executed. It is written beside the results and is
 * never part of a key or of an output; {@link ProvenanceLog} keeps it.
 *
 * @param key the action
 * @param started when the work began, by the machine's clock
 * @param elapsed how long the work took, look-ups and writing not counted; cut to milliseconds when
 *     it is written
 * @param machine where it was executed
 * @param programVersion of the program that executed it
 * @param run the {@linkplain RunRecord#newId id} of the run that executed it
 */
public record Provenance(
    ActionKey key,
    Instant started,
    Duration elapsed,
    Machine machine,
    String programVersion,
    String run) {

  /** Returns the record as one JSON object. */
  Blob toJson() {
    return JsonFields.blob(
        new JsonObject()
            .put("schema", 1)
            .put("key", key.sha256())
            .put("started", started.toString())
            .put("elapsedMillis", elapsed.toMillis())
            .put("host", machine.host())
            .put("pid", machine.pid())
            .putAll(machine.kind())
            .put("programVersion", programVersion)
            .put("run", run));
  }

  /**
   * Reads what {@link #toJson} writes; fields it does not know are skipped.
   *
   * @throws MalformedException if a field is missing or has an impossible value
   */
  public static Provenance parse(byte[] bytes) throws MalformedException {
    return JsonFields.read(
        bytes,
        "provenance",
        fields ->
            new Provenance(
                new ActionKey(fields.text("key")),
                fields.instant("started"),
                Duration.ofMillis(fields.number("elapsedMillis")),
                Machine.of(fields),
                fields.text("programVersion"),
                fields.run("run")));
  }
}
