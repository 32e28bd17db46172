package dev.twintail.result;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes a table with Arrow's vectors, in native memory that is released before it returns. */
final class ArrowTableWriter {
  private static final ArrowType FLOAT32 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
  private static final ArrowType FLOAT64 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

  private ArrowTableWriter() {}

  static byte[] write(Table table) {
    // Closing throws if a byte of native memory is still held.
    try (BufferAllocator allocator = new RootAllocator()) {
      return write(table, allocator);
    }
  }

  /** Leaves {@code allocator} as it found it, whatever happens. */
  static byte[] write(Table table, BufferAllocator allocator) {
    List<Field> fields = table.columns().stream().map(ArrowTableWriter::field).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream(room(table));
    try (VectorSchemaRoot root =
            VectorSchemaRoot.create(
                new Schema(fields, OwnEntries.pack(table.metadata())), allocator);
        ArrowFileWriter writer = new ArrowFileWriter(root, null, Channels.newChannel(out))) {
      List<FieldVector> vectors = new ArrayList<>(root.getFieldVectors());
      for (int i = 0; i < vectors.size(); i++) {
        fill(vectors.get(i), table.columns().get(i));
      }
      root.setRowCount(table.rows());
      writer.start();
      writer.writeBatch();
      writer.end();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write table " + table.schema() + " to memory", e);
    }
    return out.toByteArray();
  }

  /** Returns about what the file will have, so that the buffer need not grow by copying itself. */
  private static int room(Table table) {
    long bytes = 1 << 16;
    for (Column column : table.columns()) {
      long each = Long.BYTES + 1;
      if (column.type() == Table.Type.FLOAT32_LIST) {
        // A bit each tells that it is there.
        each = (long) column.width() * Float.BYTES + column.width() / Byte.SIZE + 2;
      } else if (column.type() == Table.Type.UTF8) {
        bytes += table.strings(column.name()).stream().mapToLong(String::length).sum();
      }
      bytes += each * column.rows();
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE - Long.BYTES);
  }

  private static Field field(Column column) {
    List<Field> children =
        column.type() == Table.Type.FLOAT32_LIST
            ? List.of(new Field("item", FieldType.notNullable(FLOAT32), null))
            : List.of();
    ArrowType type = arrowType(column);
    FieldType fieldType =
        column.type() == Table.Type.OPTIONAL_FLOAT64 || column.type() == Table.Type.OPTIONAL_UTF8
            ? FieldType.nullable(type)
            : FieldType.notNullable(type);
    return new Field(column.name(), fieldType, children);
  }

  private static ArrowType arrowType(Column column) {
    return switch (column.type()) {
      case INT32 -> new ArrowType.Int(Integer.SIZE, true);
      case INT64 -> new ArrowType.Int(Long.SIZE, true);
      case FLOAT64, OPTIONAL_FLOAT64 -> FLOAT64;
      case UTF8, OPTIONAL_UTF8 -> ArrowType.Utf8.INSTANCE;
      case BOOL -> ArrowType.Bool.INSTANCE;
      case FLOAT32_LIST -> new ArrowType.FixedSizeList(column.width());
    };
  }

  private static void fill(FieldVector vector, Column column) {
    switch (column.type()) {
      case INT32 -> fill((IntVector) vector, (int[]) column.values());
      case INT64 -> fill((BigIntVector) vector, (long[]) column.values());
      case FLOAT64, OPTIONAL_FLOAT64 -> fill((Float8Vector) vector, column);
      case UTF8, OPTIONAL_UTF8 -> fill((VarCharVector) vector, column);
      case BOOL -> fill((BitVector) vector, (boolean[]) column.values());
      case FLOAT32_LIST ->
          fill((FixedSizeListVector) vector, column.rows(), (float[]) column.values());
    }
  }

  private static void fill(IntVector vector, int[] values) {
    vector.allocateNew(values.length);
    for (int i = 0; i < values.length; i++) {
      vector.set(i, values[i]);
    }
  }

  private static void fill(BigIntVector vector, long[] values) {
    vector.allocateNew(values.length);
    for (int i = 0; i < values.length; i++) {
      vector.set(i, values[i]);
    }
  }

  private static void fill(Float8Vector vector, Column column) {
    vector.allocateNew(column.rows());
    for (int i = 0; i < column.rows(); i++) {
      @Nullable Double value = (Double) column.value(i);
      vector.set(i, value == null ? 0 : value); // The bytes under a null are written too.
      if (value == null) {
        vector.setNull(i);
      }
    }
  }

  private static void fill(VarCharVector vector, Column column) {
    vector.allocateNew(column.rows());
    for (int i = 0; i < column.rows(); i++) {
      @Nullable String value = (String) column.value(i);
      // An empty text first: it writes the offsets under a null, too.
      vector.setSafe(i, (value == null ? "" : value).getBytes(StandardCharsets.UTF_8));
      if (value == null) {
        vector.setNull(i);
      }
    }
  }

  private static void fill(BitVector vector, boolean[] values) {
    vector.allocateNew(values.length);
    for (int i = 0; i < values.length; i++) {
      vector.set(i, values[i] ? 1 : 0);
    }
  }

  private static void fill(FixedSizeListVector vector, int rows, float[] values) {
    Float4Vector items = (Float4Vector) vector.getDataVector();
    vector.setInitialCapacity(rows);
    vector.allocateNew();
    items.allocateNew(values.length);
    for (int i = 0; i < values.length; i++) {
      items.set(i, values[i]);
    }
    for (int row = 0; row < rows; row++) {
      vector.setNotNull(row);
    }
  }
}
