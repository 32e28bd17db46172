package dev.twintail.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The metadata of a table beside its schema's name and version: one JSON object under one key, as
 * pandas does it. Arrow copies metadata into a hash map, and the order of more entries in it
 * depends on the version of Java.
 */
final class OwnEntries {
  /** The metadata key of the JSON object. */
  static final String KEY = "twintail";

  /** The entries of pairs of images, which stand by themselves; any Java orders these the same. */
  private static final Set<String> OF_IMAGES = Set.of("height", "width");

  private static final JsonFactory JSON = new JsonFactory();

  private OwnEntries() {}

  /** Returns the metadata as a file holds it. */
  static Map<String, String> pack(SortedMap<String, String> metadata) throws IOException {
    SortedMap<String, String> schema = new TreeMap<>(metadata);
    SortedMap<String, String> own = new TreeMap<>(metadata);
    schema.keySet().retainAll(Set.of(Table.SCHEMA, Table.SCHEMA_VERSION));
    own.keySet().removeAll(schema.keySet());
    if (own.isEmpty() || own.keySet().equals(OF_IMAGES)) {
      return metadata;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, String> entry : own.entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
    }
    schema.put(KEY, text.toString());
    return schema;
  }

  /**
   * Puts the entries of a JSON object among others.
   *
   * @throws IOException if {@code text} is no JSON object of texts
   */
  static void unpack(String text, Map<String, String> metadata) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no JSON object");
      }
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        if (json.nextToken() != JsonToken.VALUE_STRING) {
          throw new IOException(key + " is no text");
        }
        metadata.put(key, json.getText());
      }
    }
  }
}
