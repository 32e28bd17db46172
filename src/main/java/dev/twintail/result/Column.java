package dev.twintail.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One named column; its arrays are private to the table that holds it. */
sealed interface Column {
  String name();

  int rows();

  Table.Type type();

  @SuppressWarnings("ArrayRecordComponent") // Never handed out: Table copies.
  record Int32(String name, int[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Table.Type type() {
      return Table.Type.INT32;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never handed out: Table copies.
  record Int64(String name, long[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Table.Type type() {
      return Table.Type.INT64;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never handed out: Table copies.
  record Float64(String name, double[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Table.Type type() {
      return Table.Type.FLOAT64;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never handed out: Table copies.
  record OptionalFloat64(String name, @Nullable Double[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Table.Type type() {
      return Table.Type.OPTIONAL_FLOAT64;
    }
  }

  record Utf8(String name, List<String> values) implements Column {
    @Override
    public int rows() {
      return values.size();
    }

    @Override
    public Table.Type type() {
      return Table.Type.UTF8;
    }
  }

  record OptionalUtf8(String name, List<@Nullable String> values) implements Column {
    @Override
    public int rows() {
      return values.size();
    }

    @Override
    public Table.Type type() {
      return Table.Type.OPTIONAL_UTF8;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never handed out: Table copies.
  record Bool(String name, boolean[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Table.Type type() {
      return Table.Type.BOOL;
    }
  }

  /**
   * Rows of {@code width} floats each.
   *
   * @param values rows × width values, row after row
   */
  @SuppressWarnings("ArrayRecordComponent") // Never handed out: Table copies.
  record Float32List(String name, int width, float[] values) implements Column {
    @Override
    public int rows() {
      return values.length / width;
    }

    @Override
    public Table.Type type() {
      return Table.Type.FLOAT32_LIST;
    }
  }
}
