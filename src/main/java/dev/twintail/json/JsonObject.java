package dev.twintail.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A JSON object in the making, whose fields keep their order. Values are texts, numbers, booleans,
 * objects, and maps and collections of these.
 */
public final class JsonObject {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /** Returns an object with a field for each entry. */
  public static <V> JsonObject of(Map<String, V> entries, Function<V, ?> value) {
    JsonObject object = new JsonObject();
    entries.forEach((name, entry) -> object.put(name, value.apply(entry)));
    return object;
  }

  public JsonObject put(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  public JsonObject putIfPresent(String name, Optional<?> value) {
    value.ifPresent(v -> put(name, v));
    return this;
  }

  /** Puts the values of all items as an array. */
  public <T> JsonObject putEach(String name, Collection<T> items, Function<T, ?> value) {
    return put(name, items.stream().map(value).toList());
  }

  public JsonObject putAll(JsonObject more) {
    fields.putAll(more.fields);
    return this;
  }

  /** Returns the object over several lines, the last of which does not end. */
  public String text() {
    StringWriter text = new StringWriter();
    // Of the same bytes on every system.
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(text)
            .setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines))) {
      write(this, json);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write JSON into memory", e);
    }
    return text.toString();
  }

  private static void write(Object value, JsonGenerator json) throws IOException {
    if (value instanceof JsonObject object) {
      write(object.fields, json);
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> field : map.entrySet()) {
        json.writeFieldName(String.valueOf(field.getKey()));
        write(field.getValue(), json);
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> items) {
      json.writeStartArray();
      for (Object item : items) {
        write(item, json);
      }
      json.writeEndArray();
    } else {
      json.writeObject(value);
    }
  }
}
