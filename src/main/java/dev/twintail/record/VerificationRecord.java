package dev.twintail.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Somebody computed a recorded action again, and says what came out. It is written beside the
 * results and is never part of a key or of an output.
 *
 * @param key the action
 * @param manifest the digest of the recorded manifest that was put to the test
 * @param verdict of a computation
 * @param outputs what came out, by name
 * @param differences one line for each output that differs
 * @param environment the numeric environment in which it was computed
 * @param verification the id of the verification, one for all its actions
 */
public record VerificationRecord(
    ActionKey key,
    Digest manifest,
    Verdict verdict,
    SortedMap<String, Digest> outputs,
    List<String> differences,
    SortedMap<String, String> environment,
    Machine machine,
    String programVersion,
    String verification,
    Instant started,
    Duration elapsed) {
  private static final String SCHEMA = "1";

  public VerificationRecord {
    if (!verdict.isOfComputation()) {
      throw new IllegalArgumentException("Cannot record " + verdict + ": nothing was computed");
    }
    outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    differences = List.copyOf(differences);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
  }

  /** Returns the record as one JSON object, whose fields have a fixed order. */
  Blob toJson() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("schema", SCHEMA);
      json.writeStringField("key", key.sha256());
      json.writeStringField("manifest", text(manifest));
      json.writeStringField("verdict", verdict.name());
      json.writeObjectFieldStart("outputs");
      for (Map.Entry<String, Digest> output : outputs.entrySet()) {
        json.writeStringField(output.getKey(), text(output.getValue()));
      }
      json.writeEndObject();
      json.writeArrayFieldStart("differences");
      for (String difference : differences) {
        json.writeString(difference);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("environment");
      for (Map.Entry<String, String> field : environment.entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
      json.writeObjectFieldStart("machine");
      json.writeStringField("host", machine.host());
      json.writeStringField("pid", Long.toString(machine.pid()));
      json.writeStringField("os", machine.os());
      json.writeStringField("arch", machine.arch());
      json.writeStringField("java", machine.java());
      json.writeEndObject();
      json.writeStringField("programVersion", programVersion);
      json.writeStringField("verification", verification);
      json.writeStringField("started", started.toString());
      json.writeStringField("elapsedMillis", Long.toString(elapsed.toMillis()));
      json.writeEndObject();
    }
    return Blob.of(bytes.toByteArray());
  }

  /**
   * Reads what {@link #toJson} wrote; fields that this version does not know are passed over.
   *
   * @throws MalformedException if a field is missing or has an impossible value
   */
  static VerificationRecord parse(byte[] bytes) throws MalformedException {
    return JsonFields.read(bytes, "verification record", VerificationRecord::of);
  }

  private static VerificationRecord of(JsonFields fields) {
    fields.require("schema", SCHEMA);
    SortedMap<String, Digest> outputs = new TreeMap<>();
    fields.object("outputs").texts().forEach((name, digest) -> outputs.put(name, digest(digest)));
    return new VerificationRecord(
        new ActionKey(fields.text("key")),
        digest(fields.text("manifest")),
        Verdict.valueOf(fields.text("verdict")),
        outputs,
        fields.textList("differences"),
        fields.object("environment").texts(),
        Machine.of(fields.object("machine")),
        fields.text("programVersion"),
        fields.text("verification"),
        fields.instant("started"),
        Duration.ofMillis(fields.number("elapsedMillis")));
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
