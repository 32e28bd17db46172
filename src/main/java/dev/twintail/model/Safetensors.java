package dev.twintail.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.twintail.model.Weights.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Weights as a safetensors file: eight bytes of little-endian header length, a JSON header, then
 * the tensors' bytes (little-endian float32, row-major). Deterministic: tensors are sorted by name,
 * the header is padded with spaces to eight bytes, metadata is sorted. Reading executes nothing.
 *
 * <p>Opens in Python with {@code safetensors.torch.load_file}; the names are those of an {@code
 * nn.Sequential}.
 */
public final class Safetensors {
  private static final int ALIGNMENT = 8;
  private static final int MAX_HEADER = 1 << 20;
  private static final JsonFactory JSON = new JsonFactory();

  private Safetensors() {}

  /**
   * Returns the file's bytes.
   *
   * @param metadata texts that travel with the weights; nothing that changes from run to run
   */
  public static byte[] encode(Weights weights, Map<String, String> metadata) {
    byte[] header = header(weights, new TreeMap<>(metadata));
    int padded = (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    int data = weights.tensors().stream().mapToInt(t -> t.values().length * Float.BYTES).sum();
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + padded + data).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(padded).put(header);
    for (int i = header.length; i < padded; i++) {
      file.put((byte) ' ');
    }
    for (Tensor tensor : weights.tensors()) {
      file.asFloatBuffer().put(tensor.values());
      file.position(file.position() + tensor.values().length * Float.BYTES);
    }
    return file.array();
  }

  private static byte[] header(Weights weights, SortedMap<String, String> metadata) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long offset = 0;
      for (Tensor tensor : weights.tensors()) {
        long end = offset + (long) tensor.values().length * Float.BYTES;
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", "F32");
        json.writeFieldName("shape");
        json.writeArray(
            tensor.shape().stream().mapToInt(d -> d).toArray(), 0, tensor.shape().size());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {offset, end}, 0, 2);
        json.writeEndObject();
        offset = end;
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return out.toByteArray();
  }

  /**
   * Returns the weights in {@code file}.
   *
   * @throws IllegalArgumentException if it is not a safetensors file of float32 tensors
   */
  public static Weights decode(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < Long.BYTES) {
      throw malformed("it has " + file.length + " bytes");
    }
    long length = bytes.getLong();
    if (length < 2 || length > Math.min(MAX_HEADER, file.length - Long.BYTES)) {
      throw malformed("its header is said to have " + length + " bytes");
    }
    int data = Long.BYTES + (int) length;
    String header = new String(file, Long.BYTES, (int) length, StandardCharsets.UTF_8);
    List<Tensor> tensors = new ArrayList<>();
    SortedMap<Long, Long> taken = new TreeMap<>();
    try (JsonParser json = JSON.createParser(header)) {
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        expect(json.nextToken(), JsonToken.START_OBJECT);
        if (name.equals("__metadata__")) {
          json.skipChildren();
        } else {
          tensors.add(tensor(name, json, bytes, data, taken));
        }
      }
    } catch (IOException e) {
      throw malformed("its header is no JSON");
    }
    requireApart(taken);
    return new Weights(tensors);
  }

  /** Makes sure that no two tensors share bytes. */
  private static void requireApart(SortedMap<Long, Long> taken) {
    long end = 0;
    for (Map.Entry<Long, Long> range : taken.entrySet()) {
      if (range.getKey() < end) {
        throw malformed("tensors overlap at byte " + range.getKey());
      }
      end = range.getValue();
    }
  }

  private static Tensor tensor(
      String name, JsonParser json, ByteBuffer bytes, int data, SortedMap<Long, Long> taken)
      throws IOException {
    String dtype = "";
    List<Long> shape = List.of();
    List<Long> offsets = List.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "dtype" -> dtype = json.getText();
        case "shape" -> shape = longs(json);
        case "data_offsets" -> offsets = longs(json);
        default -> throw malformed("tensor " + name + " has the unknown field " + field);
      }
    }
    long size = size(name, shape, bytes.capacity());
    if (!dtype.equals("F32")
        || offsets.size() != 2
        || offsets.get(0) < 0
        || offsets.get(1) > bytes.capacity() - data
        || offsets.get(1) - offsets.get(0) != size * Float.BYTES) {
      throw malformed("tensor " + name + " is not " + size + " float32 values inside the file");
    }
    if (size > 0 && taken.put(offsets.get(0), offsets.get(1)) != null) {
      throw malformed("tensors overlap at byte " + offsets.get(0));
    }
    float[] values = new float[(int) size];
    bytes.position(data + Math.toIntExact(offsets.get(0)));
    bytes.asFloatBuffer().get(values);
    return new Tensor(name, shape.stream().map(Math::toIntExact).toList(), values);
  }

  /** Returns how many values there are; no more than a file of that many bytes can hold. */
  private static long size(String name, List<Long> shape, int most) {
    long size = 1;
    for (long d : shape) {
      if (d < 0 || d > most || size * d > most) {
        throw malformed("tensor " + name + " has the impossible shape " + shape);
      }
      size *= d;
    }
    return size;
  }

  private static List<Long> longs(JsonParser json) throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY);
    List<Long> values = new ArrayList<>();
    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      values.add(json.getLongValue());
    }
    expect(json.currentToken(), JsonToken.END_ARRAY);
    return values;
  }

  private static void expect(JsonToken found, JsonToken expected) {
    if (found != expected) {
      throw malformed("its header holds " + found + " where " + expected + " belongs");
    }
  }

  private static IllegalArgumentException malformed(String reason) {
    return new IllegalArgumentException("Cannot read weights as safetensors: " + reason);
  }
}
