package dev.twintail.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.twintail.action.MalformedException;
import dev.twintail.blob.Blob;
import dev.twintail.json.JsonObject;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The fields of a JSON object that a record is written as, and read from; those nobody asks for are
 * passed over.
 */
final class JsonFields {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}]");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final SortedMap<String, String> texts = new TreeMap<>();
  private final Map<String, JsonFields> objects = new HashMap<>();
  private final Map<String, List<String>> textLists = new HashMap<>();
  private final Map<String, List<JsonFields>> objectLists = new HashMap<>();

  /** Returns the object in UTF-8. */
  static Blob blob(JsonObject object) {
    return Blob.of(object.text().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the first fields of the record of a run. */
  static JsonObject head(int schema, RunEntry run) {
    return new JsonObject()
        .put("schema", schema)
        .put("id", run.id())
        .put("spec", run.spec())
        .put("programVersion", run.programVersion())
        .put("started", run.started().toString())
        .put("ended", run.ended().toString())
        .put("host", run.host())
        .put("workers", run.workers());
  }

  /** The parser stands at the start of the object, and then at its end. */
  private JsonFields(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      switch (json.nextToken()) {
        case START_OBJECT -> objects.put(name, new JsonFields(json));
        case START_ARRAY -> addList(name, json);
        default -> texts.put(name, printable(json.getText()));
      }
    }
  }

  private void addList(String name, JsonParser json) throws IOException {
    List<String> words = textLists.computeIfAbsent(name, n -> new ArrayList<>());
    List<JsonFields> items = objectLists.computeIfAbsent(name, n -> new ArrayList<>());
    while (json.nextToken() != JsonToken.END_ARRAY) {
      switch (json.currentToken()) {
        case START_OBJECT -> items.add(new JsonFields(json));
        case START_ARRAY -> json.skipChildren();
        default -> words.add(printable(json.getText()));
      }
    }
  }

  /** Whoever stored it may have written what a terminal obeys. */
  private static String printable(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  /**
   * Reads a record.
   *
   * @param what it is, for the message
   * @param reading makes it of the fields; an illegal argument is one of a field
   * @throws MalformedException in one line if it is no JSON object, or a field is missing or has an
   *     impossible value
   */
  static <T> T read(byte[] bytes, String what, Function<JsonFields, T> reading)
      throws MalformedException {
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("it is no JSON object");
      }
      return reading.apply(new JsonFields(json));
    } catch (JsonProcessingException e) {
      // Its message has a second line.
      throw new MalformedException("Cannot read " + what + ": " + e.getOriginalMessage(), e);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new MalformedException("Cannot read " + what + ": " + e.getMessage(), e);
    }
  }

  /** Returns a time in the years that clocks tell, in which all reckoning works. */
  Instant instant(String name) {
    Instant instant = Instant.parse(text(name));
    if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)) {
      throw new IllegalArgumentException(name + " is no time of a run");
    }
    return instant;
  }

  String text(String name) {
    return present(texts, name);
  }

  /** Returns the id of a run, which names the run's record. */
  String run(String name) {
    String id = text(name);
    if (!ObjectStore.isName(id) || id.indexOf('/') >= 0) {
      throw new IllegalArgumentException("'" + id + "' is no run");
    }
    return id;
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }

  int integer(String name) {
    return Integer.parseInt(text(name));
  }

  JsonFields object(String name) {
    return present(objects, name);
  }

  /** Returns all fields that are neither object nor list. */
  SortedMap<String, String> texts() {
    return Collections.unmodifiableSortedMap(texts);
  }

  /** Returns the texts of a list; empty if there is none. */
  List<String> textList(String name) {
    return textLists.getOrDefault(name, List.of());
  }

  /** Returns the objects of a list; empty if there is none. */
  List<JsonFields> objectList(String name) {
    return objectLists.getOrDefault(name, List.of());
  }

  /** Makes sure that the field has the one value that is known. */
  void require(String name, String value) {
    if (!text(name).equals(value)) {
      throw new IllegalArgumentException("its " + name + " is unknown");
    }
  }

  private static <T> T present(Map<String, T> fields, String name) {
    T value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
