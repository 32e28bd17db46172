package dev.twintail.result;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file over its bytes. The layout is that of the Arrow columnar format 1.x: the footer at
 * the end names the schema and where the record batch lies; the batch names, column by column, the
 * buffers of its body.
 */
final class ArrowTableReader {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  private static final int CONTINUATION = 0xFFFFFFFF;

  private final byte[] file;
  private final ByteBuffer bytes;

  // Where the next column's parts are, in the order of the schema.
  private int nextNode;
  private int nextBuffer;

  private ArrowTableReader(byte[] file) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  static Table read(byte[] file) {
    try {
      return new ArrowTableReader(file).read();
    } catch (IndexOutOfBoundsException
        | IllegalArgumentException
        | NegativeArraySizeException
        | ArithmeticException e) {
      // Offsets that point nowhere, and tables that cannot be: what damage looks like.
      throw new TableFormatException(
          "Cannot read Arrow file: the bytes are damaged (" + e.getMessage() + ")", e);
    }
  }

  private Table read() {
    int tail = Integer.BYTES + MAGIC.length;
    if (file.length < MAGIC.length + tail || !magicAt(0) || !magicAt(file.length - MAGIC.length)) {
      throw new TableFormatException(
          "Cannot read Arrow file: its "
              + file.length
              + " bytes do not begin and end with the mark ARROW1");
    }
    int footerEnd = file.length - tail;
    int footerLength = bytes.getInt(footerEnd);
    Footer footer =
        Footer.getRootAsFooter(slice(Math.subtractExact(footerEnd, footerLength), footerLength));
    Schema schema = required(footer.schema(), "schema");
    if (schema.endianness() != Endianness.Little) {
      throw unexpected("its numbers are big-endian");
    }
    if (footer.dictionariesLength() != 0) {
      throw unexpected("it holds dictionaries");
    }
    if (footer.recordBatchesLength() != 1) {
      throw unexpected("it holds " + footer.recordBatchesLength() + " record batches, expected 1");
    }

    Block block = required(footer.recordBatches(0), "record batch");
    int start = Math.toIntExact(block.offset());
    if (bytes.getInt(start) != CONTINUATION) {
      throw unexpected("its record batch lacks the continuation mark");
    }
    int metadataLength = bytes.getInt(start + Integer.BYTES);
    Message message = Message.getRootAsMessage(slice(start + 2 * Integer.BYTES, metadataLength));
    if (message.headerType() != MessageHeader.RecordBatch) {
      throw unexpected("its message is no record batch");
    }
    RecordBatch batch = new RecordBatch();
    message.header(batch);
    if (batch.compression() != null) {
      throw unexpected("it is compressed");
    }
    ByteBuffer body =
        slice(Math.addExact(start, block.metaDataLength()), Math.toIntExact(block.bodyLength()));

    SortedMap<String, String> metadata = metadata(schema);
    Table.Builder table = builder(metadata);
    int rows = Math.toIntExact(batch.length());
    for (int i = 0; i < schema.fieldsLength(); i++) {
      addColumn(table, required(schema.fields(i), "field"), batch, body, rows);
    }
    return table.build();
  }

  private static Table.Builder builder(SortedMap<String, String> metadata) {
    String schema = required(metadata.remove(Table.SCHEMA), "schema name");
    String version = required(metadata.remove(Table.SCHEMA_VERSION), "schema version");
    Table.Builder table = Table.builder(schema, Integer.parseInt(version));
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      table.metadata(entry.getKey(), entry.getValue());
    }
    return table;
  }

  private static SortedMap<String, String> metadata(Schema schema) {
    SortedMap<String, String> metadata = new TreeMap<>();
    for (int i = 0; i < schema.customMetadataLength(); i++) {
      KeyValue entry = required(schema.customMetadata(i), "metadata");
      metadata.put(required(entry.key(), "metadata key"), required(entry.value(), "metadata"));
    }
    String own = metadata.remove(OwnEntries.KEY);
    if (own != null) {
      try {
        OwnEntries.unpack(own, metadata);
      } catch (IOException e) {
        throw unexpected("its metadata holds no JSON object of texts");
      }
    }
    return metadata;
  }

  private void addColumn(
      Table.Builder table, Field field, RecordBatch batch, ByteBuffer body, int rows) {
    String name = required(field.name(), "field name");
    FieldNode node = required(batch.nodes(nextNode++), "field node");
    if (node.length() != rows) {
      throw unexpected(name + " has " + node.length() + " rows, expected " + rows);
    }
    ByteBuffer validity = buffer(batch, body);
    boolean optional =
        field.nullable()
            && (field.typeType() == Type.FloatingPoint || field.typeType() == Type.Utf8);
    if (optional != field.nullable()) {
      throw unexpected(name + " may hold nulls");
    }
    if (!optional && node.nullCount() != 0) {
      throw unexpected(name + " holds nulls");
    }
    switch (field.typeType()) {
      case Type.Int -> addIntegers(table, name, field, buffer(batch, body), rows);
      case Type.FloatingPoint -> {
        FloatingPoint type = new FloatingPoint();
        field.type(type);
        if (type.precision() != Precision.DOUBLE) {
          throw unexpected(name + " is no float64");
        }
        double[] values = doubles(buffer(batch, body), rows);
        if (optional) {
          table.optionalDoubles(name, masked(values, validity, node.nullCount()));
        } else {
          table.doubles(name, values);
        }
      }
      case Type.Utf8 -> {
        List<String> values = strings(name, buffer(batch, body), buffer(batch, body), rows);
        if (optional) {
          table.optionalStrings(name, masked(values, validity, node.nullCount()));
        } else {
          table.strings(name, values);
        }
      }
      case Type.Bool -> table.booleans(name, booleans(buffer(batch, body), rows));
      case Type.FixedSizeList -> addFloats(table, name, field, batch, body, rows);
      default -> throw unexpected(name + " has the Arrow type " + typeName(field.typeType()));
    }
  }

  private static void addIntegers(
      Table.Builder table, String name, Field field, ByteBuffer values, int rows) {
    Int type = new Int();
    field.type(type);
    if (!type.isSigned()) {
      throw unexpected(name + " is unsigned");
    }
    switch (type.bitWidth()) {
      case Integer.SIZE -> {
        requireRoom(values, rows, Integer.BYTES);
        int[] ints = new int[rows];
        values.asIntBuffer().get(ints);
        table.ints(name, ints);
      }
      case Long.SIZE -> {
        requireRoom(values, rows, Long.BYTES);
        long[] longs = new long[rows];
        values.asLongBuffer().get(longs);
        table.longs(name, longs);
      }
      default -> throw unexpected(name + " has integers of " + type.bitWidth() + " bits");
    }
  }

  private void addFloats(
      Table.Builder table, String name, Field field, RecordBatch batch, ByteBuffer body, int rows) {
    FixedSizeList type = new FixedSizeList();
    field.type(type);
    if (field.childrenLength() != 1) {
      throw unexpected(name + " has no one item type");
    }
    Field item = required(field.children(0), "list item");
    FloatingPoint itemType = new FloatingPoint();
    if (item.typeType() != Type.FloatingPoint) {
      throw unexpected(name + " is no list of float32");
    }
    item.type(itemType);
    if (itemType.precision() != Precision.SINGLE || item.nullable()) {
      throw unexpected(name + " is no list of float32 without nulls");
    }
    int count = Math.multiplyExact(rows, type.listSize());
    FieldNode node = required(batch.nodes(nextNode++), "field node");
    if (node.length() != count || node.nullCount() != 0) {
      throw unexpected(name + " has " + node.length() + " items, expected " + count);
    }
    buffer(batch, body); // The items' validity: all valid.
    ByteBuffer values = buffer(batch, body);
    requireRoom(values, count, Float.BYTES);
    float[] floats = new float[count];
    values.asFloatBuffer().get(floats);
    table.floats(name, type.listSize(), floats);
  }

  private static double[] doubles(ByteBuffer values, int rows) {
    requireRoom(values, rows, Double.BYTES);
    double[] doubles = new double[rows];
    values.asDoubleBuffer().get(doubles);
    return doubles;
  }

  private static @Nullable Double[] masked(double[] values, ByteBuffer validity, long nullCount) {
    @Nullable Double[] masked = new Double[values.length];
    int nulls = 0;
    for (int i = 0; i < masked.length; i++) {
      if (valid(validity, i)) {
        masked[i] = values[i];
      } else {
        nulls++;
      }
    }
    requireNulls(nulls, nullCount);
    return masked;
  }

  private static List<@Nullable String> masked(
      List<String> values, ByteBuffer validity, long nullCount) {
    List<@Nullable String> masked = new ArrayList<>(values.size());
    int nulls = 0;
    for (int i = 0; i < values.size(); i++) {
      boolean valid = valid(validity, i);
      masked.add(valid ? values.get(i) : null);
      nulls += valid ? 0 : 1;
    }
    requireNulls(nulls, nullCount);
    return masked;
  }

  /** Writers may leave the bits out where nothing is null. */
  private static boolean valid(ByteBuffer validity, int index) {
    return validity.limit() == 0 || bit(validity, index);
  }

  private static void requireNulls(int marked, long said) {
    if (marked != said) {
      throw unexpected("it says " + said + " nulls and marks " + marked);
    }
  }

  private static boolean[] booleans(ByteBuffer values, int rows) {
    requireRoom(values, rows / Byte.SIZE, 1);
    boolean[] booleans = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      booleans[i] = bit(values, i);
    }
    return booleans;
  }

  private static boolean bit(ByteBuffer bits, int index) {
    return (bits.get(index / Byte.SIZE) >> (index % Byte.SIZE) & 1) != 0;
  }

  private static List<String> strings(String name, ByteBuffer offsets, ByteBuffer text, int rows) {
    requireRoom(offsets, rows, Integer.BYTES);
    List<String> strings = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      int start = offsets.getInt(i * Integer.BYTES);
      int end = offsets.getInt((i + 1) * Integer.BYTES);
      ByteBuffer value = text.slice(start, Math.subtractExact(end, start));
      try {
        strings.add(StandardCharsets.UTF_8.newDecoder().decode(value).toString());
      } catch (CharacterCodingException e) {
        throw new TableFormatException(
            "Cannot read Arrow file: row " + i + " of " + name + " is no UTF-8", e);
      }
    }
    return strings;
  }

  private ByteBuffer buffer(RecordBatch batch, ByteBuffer body) {
    Buffer buffer = required(batch.buffers(nextBuffer++), "buffer");
    return body.slice(Math.toIntExact(buffer.offset()), Math.toIntExact(buffer.length()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer slice(int offset, int length) {
    return bytes.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private boolean magicAt(int offset) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (file[offset + i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  private static String typeName(byte type) {
    return type >= 0 && type < Type.names.length ? Type.name(type) : Byte.toString(type);
  }

  /** Keeps damage from allocating more than the file could hold. */
  private static void requireRoom(ByteBuffer buffer, int count, int width) {
    if (count < 0 || (long) count * width > buffer.limit()) {
      throw unexpected(
          "a column of %s values of %s bytes has a buffer of %s bytes"
              .formatted(count, width, buffer.limit()));
    }
  }

  private static <T> T required(@Nullable T part, String what) {
    if (part == null) {
      throw unexpected("it lacks a " + what);
    }
    return part;
  }

  private static TableFormatException unexpected(String reason) {
    return new TableFormatException(
        "Cannot read Arrow file: " + reason + ", which Twintail does not write");
  }
}
