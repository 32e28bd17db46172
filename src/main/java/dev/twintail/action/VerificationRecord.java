package dev.twintail.action;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    Map<String, String> fields = new TreeMap<>();
    Map<String, SortedMap<String, String>> objects = new TreeMap<>();
    List<String> differences = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      expect(json.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        if (token == JsonToken.START_OBJECT) {
          objects.put(name, scalars(json));
        } else if (token == JsonToken.START_ARRAY && name.equals("differences")) {
          while (json.nextToken() == JsonToken.VALUE_STRING) {
            differences.add(json.getText());
          }
        } else if (token.isScalarValue()) {
          fields.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
      expect(json.currentToken() == JsonToken.END_OBJECT, "it has no end");
      expect(field(fields, "schema").equals(SCHEMA), "its schema is unknown");
      SortedMap<String, Digest> outputs = new TreeMap<>();
      for (Map.Entry<String, String> output : field(objects, "outputs").entrySet()) {
        outputs.put(output.getKey(), digest(output.getValue()));
      }
      Map<String, String> machine = field(objects, "machine");
      return new VerificationRecord(
          new ActionKey(field(fields, "key")),
          digest(field(fields, "manifest")),
          Verdict.valueOf(field(fields, "verdict")),
          outputs,
          differences,
          field(objects, "environment"),
          new Machine(
              field(machine, "host"),
              Long.parseLong(field(machine, "pid")),
              field(machine, "os"),
              field(machine, "arch"),
              field(machine, "java")),
          field(fields, "programVersion"),
          field(fields, "verification"),
          Instant.parse(field(fields, "started")),
          Duration.ofMillis(Long.parseLong(field(fields, "elapsedMillis"))));
    } catch (MalformedException e) {
      throw e;
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new MalformedException("Cannot read verification record: " + e.getMessage(), e);
    }
  }

  private static SortedMap<String, String> scalars(JsonParser json) throws IOException {
    SortedMap<String, String> fields = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken().isScalarValue()) {
        fields.put(name, json.getText());
      } else {
        json.skipChildren();
      }
    }
    return fields;
  }

  private static String text(Digest digest) {
    return digest.sha256() + " " + digest.size();
  }

  private static Digest digest(String text) throws MalformedException {
    int space = text.indexOf(' ');
    expect(space > 0, "'" + text + "' is no digest");
    return new Digest(text.substring(0, space), Long.parseLong(text.substring(space + 1)));
  }

  private static <T> T field(Map<String, T> fields, String name) throws MalformedException {
    T value = fields.get(name);
    if (value == null) {
      throw new MalformedException("Cannot read verification record: " + name + " is missing");
    }
    return value;
  }

  private static void expect(boolean condition, String otherwise) throws MalformedException {
    if (!condition) {
      throw new MalformedException("Cannot read verification record: " + otherwise);
    }
  }
}
