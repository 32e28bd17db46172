package dev.twintail.record;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Somebody computed a recorded action again, and says what came out. It is written beside the
 * results and is never part of a key or of an output; {@link VerificationLog} keeps it.
 *
 * <p>One JSON object of schema 1. Digests are texts of a SHA-256, a space and a size; {@code
 * elapsedMillis} is text, too.
 *
 * @param key the action
 * @param manifest the digest of the recorded manifest that was put to the test
 * @param result of a computation: {@code REPRODUCED}, {@code DIFFERS} or {@code DAMAGED}
 * @param outputs what came out, by name; empty if the computation failed
 * @param differences how each output differs that does, as facts by name, such as "output", {@code
 *     tensor} and {@code index}; records of earlier programs have none
 * @param failure why nothing came out, if nothing did
 * @param environment the numeric environment in which it was computed; empty for stages without
 *     native math
 * @param machine where it was computed
 * @param programVersion of the program that computed it
 * @param verification the id of the verification, one for all its actions
 * @param started when the computation began
 * @param elapsed how long it took; cut to milliseconds when it is written
 */
public record VerificationRecord(
    ActionKey key,
    Digest manifest,
    VerificationResult result,
    SortedMap<String, Digest> outputs,
    List<SortedMap<String, String>> differences,
    Optional<String> failure,
    SortedMap<String, String> environment,
    Machine machine,
    String programVersion,
    String verification,
    Instant started,
    Duration elapsed) {
  private static final String SCHEMA = "1";

  /** What a result is called in records; the words stay whatever the constants are called. */
  private static final Map<VerificationResult, String> WORDS =
      Map.of(
          VerificationResult.REPRODUCED, "REPRODUCED",
          VerificationResult.DIFFERS, "DIFFERS",
          VerificationResult.DAMAGED, "DAMAGED");

  public VerificationRecord {
    if (!result.isOfComputation()) {
      throw new IllegalArgumentException("Cannot record " + result + ": nothing was computed");
    }
    outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    differences =
        differences.stream()
            .map(facts -> Collections.unmodifiableSortedMap(new TreeMap<>(facts)))
            .toList();
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
  }

  /** Returns the record as one JSON object, whose fields have a fixed order. */
  Blob toJson() {
    return JsonFields.blob(
        new JsonObject()
            .put("schema", SCHEMA)
            .put("key", key.sha256())
            .put("manifest", text(manifest))
            .put("verdict", Objects.requireNonNull(WORDS.get(result)))
            .put("outputs", JsonObject.of(outputs, VerificationRecord::text))
            .put("differences", differences)
            .putIfPresent("failure", failure)
            .put("environment", environment)
            .put(
                "machine",
                new JsonObject()
                    .put("host", machine.host())
                    .put("pid", Long.toString(machine.pid()))
                    .putAll(machine.kind()))
            .put("programVersion", programVersion)
            .put("verification", verification)
            .put("started", started.toString())
            .put("elapsedMillis", Long.toString(elapsed.toMillis())));
  }

  /**
   * Reads what {@link #toJson} wrote; fields that this version does not know are passed over.
   *
   * @throws MalformedException if a field is missing or has an impossible value
   */
  public static VerificationRecord parse(byte[] bytes) throws MalformedException {
    return JsonFields.read(bytes, "verification record", VerificationRecord::of);
  }

  private static VerificationRecord of(JsonFields fields) {
    fields.require("schema", SCHEMA);
    SortedMap<String, Digest> outputs = new TreeMap<>();
    fields.object("outputs").texts().forEach((name, digest) -> outputs.put(name, digest(digest)));
    return new VerificationRecord(
        new ActionKey(fields.text("key")),
        digest(fields.text("manifest")),
        result(fields.text("verdict")),
        outputs,
        fields.objectList("differences").stream().map(JsonFields::texts).toList(),
        Optional.ofNullable(fields.texts().get("failure")),
        fields.object("environment").texts(),
        Machine.of(fields.object("machine")),
        fields.text("programVersion"),
        fields.text("verification"),
        fields.instant("started"),
        Duration.ofMillis(fields.number("elapsedMillis")));
  }

  private static VerificationResult result(String word) {
    return WORDS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(word))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no verdict"));
  }

  private static String text(Digest digest) {
    return digest.sha256() + " " + digest.size();
  }

  private static Digest digest(String text) {
    int space = text.indexOf(' ');
    if (space <= 0) {
      throw new IllegalArgumentException("'" + text + "' is no digest");
    }
    return new Digest(text.substring(0, space), Long.parseLong(text.substring(space + 1)));
  }
}
