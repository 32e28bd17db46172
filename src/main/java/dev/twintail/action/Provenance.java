package dev.twintail.action;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.twintail.blob.Blob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * When, where and by which run an action was executed. It is written beside the results and is
 * never part of a key or of an output.
 */
public record Provenance(
    ActionKey key,
    Instant started,
    Duration elapsed,
    Machine machine,
    String programVersion,
    String run) {

  /** Returns the record as one JSON object. */
  Blob toJson() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("schema", 1);
      json.writeStringField("key", key.sha256());
      json.writeStringField("started", started.toString());
      json.writeNumberField("elapsedMillis", elapsed.toMillis());
      json.writeStringField("host", machine.host());
      json.writeNumberField("pid", machine.pid());
      json.writeStringField("os", machine.os());
      json.writeStringField("arch", machine.arch());
      json.writeStringField("java", machine.java());
      json.writeStringField("programVersion", programVersion);
      json.writeStringField("run", run);
      json.writeEndObject();
    }
    return Blob.of(bytes.toByteArray());
  }

  /**
   * Reads what {@link #toJson} writes; fields it does not know are skipped.
   *
   * @throws MalformedException if a field is missing or has an impossible value
   */
  static Provenance parse(byte[] bytes) throws MalformedException {
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      Map<String, String> fields = new HashMap<>();
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException("Cannot read provenance: not a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken().isScalarValue()) {
          fields.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
      return new Provenance(
          new ActionKey(field(fields, "key")),
          Instant.parse(field(fields, "started")),
          Duration.ofMillis(Long.parseLong(field(fields, "elapsedMillis"))),
          new Machine(
              field(fields, "host"),
              Long.parseLong(field(fields, "pid")),
              field(fields, "os"),
              field(fields, "arch"),
              field(fields, "java")),
          field(fields, "programVersion"),
          field(fields, "run"));
    } catch (MalformedException e) {
      throw e;
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new MalformedException("Cannot read provenance: " + e.getMessage(), e);
    }
  }

  private static String field(Map<String, String> fields, String name) throws MalformedException {
    String value = fields.get(name);
    if (value == null) {
      throw new MalformedException("Cannot read provenance: " + name + " is missing");
    }
    return value;
  }
}
