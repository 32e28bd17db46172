package dev.twintail.result;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable table of typed columns, in a fixed order, with text metadata. Two metadata entries
 * are always there: {@code schema} names what the columns are, {@code schema_version} counts its
 * changes.
 */
public final class Table {
  /** The metadata key of the schema's name. */
  public static final String SCHEMA = "schema";

  /** The metadata key of the schema's version, a decimal number from 1. */
  public static final String SCHEMA_VERSION = "schema_version";

  /** What a column holds. Only the optional ones can lack a value; NaN and "" are values. */
  public enum Type {
    INT32("int32"),
    INT64("int64"),
    FLOAT64("float64"),
    OPTIONAL_FLOAT64("nullable float64"),
    UTF8("utf8"),
    OPTIONAL_UTF8("nullable utf8"),
    BOOL("bool"),
    FLOAT32_LIST("fixed-size list of float32");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private final SortedMap<String, String> metadata;
  private final List<Column> columns;
  private final int rows;

  private Table(SortedMap<String, String> metadata, List<Column> columns) {
    this.metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    this.columns = List.copyOf(columns);
    this.rows = columns.isEmpty() ? 0 : columns.get(0).rows();
  }

  /**
   * Starts a table.
   *
   * @param schema what the table is, such as {@code summary}
   * @param version from 1
   */
  public static Builder builder(String schema, int version) {
    if (schema.isEmpty() || version < 1) {
      throw new IllegalArgumentException(
          "Cannot build table: schema '" + schema + "' version " + version + " is no schema");
    }
    Builder builder = new Builder();
    builder.put(SCHEMA, schema);
    builder.put(SCHEMA_VERSION, Integer.toString(version));
    return builder;
  }

  /** Returns the name of the schema. */
  public String schema() {
    return entry(SCHEMA);
  }

  /** Returns the version of the schema, from 1. */
  public int schemaVersion() {
    return Integer.parseInt(entry(SCHEMA_VERSION));
  }

  private String entry(String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw new IllegalStateException("A table without " + key + " was built");
    }
    return value;
  }

  /**
   * Returns this table if it has that schema.
   *
   * @throws TableFormatException if it has another
   */
  public Table require(String schema, int version) {
    if (!schema().equals(schema) || schemaVersion() != version) {
      throw new TableFormatException(
          "Cannot read table: expected %s version %s, found %s version %s"
              .formatted(schema, version, schema(), schemaVersion()));
    }
    return this;
  }

  /** Returns all metadata, sorted by key. */
  public SortedMap<String, String> metadata() {
    return metadata;
  }

  /**
   * Returns the same with other values in a utf8 column.
   *
   * @param values as many as there are rows
   */
  public Table replacing(String name, List<String> values) {
    require(name, Type.UTF8, values.size());
    return replacing(new Column(name, Type.UTF8, List.copyOf(values), 1));
  }

  /**
   * Returns the same with other values in a nullable float64 column.
   *
   * @param values as many as there are rows
   */
  public Table replacing(String name, @Nullable Double[] values) {
    require(name, Type.OPTIONAL_FLOAT64, values.length);
    return replacing(new Column(name, Type.OPTIONAL_FLOAT64, values.clone(), 1));
  }

  private void require(String name, Type type, int values) {
    if (type(name) != type || values != rows) {
      throw new IllegalArgumentException(
          "Cannot replace column %s, %s of %s, by %s of %s"
              .formatted(name, rows, type(name), values, type));
    }
  }

  private Table replacing(Column column) {
    return new Table(
        metadata, columns.stream().map(c -> c.name().equals(column.name()) ? column : c).toList());
  }

  /** Returns the number of rows, the same in every column; 0 without columns. */
  public int rows() {
    return rows;
  }

  /** Returns the columns' names in their order. */
  public List<String> columnNames() {
    // Plain loops where a cached run comes by: streams and lambdas cost it milliseconds.
    List<String> names = new ArrayList<>(columns.size());
    for (Column column : columns) {
      names.add(column.name());
    }
    return Collections.unmodifiableList(names);
  }

  /** Returns what the column holds. */
  public Type type(String column) {
    return find(column).type();
  }

  /** Returns a copy of an int32 column. */
  public int[] ints(String column) {
    return values(column, Type.INT32, int[].class).clone();
  }

  /** Returns a copy of an int64 column. */
  public long[] longs(String column) {
    return values(column, Type.INT64, long[].class).clone();
  }

  /** Returns a copy of a float64 column. */
  public double[] doubles(String column) {
    return values(column, Type.FLOAT64, double[].class).clone();
  }

  /** Returns a copy of a nullable float64 column; null where there is no value. */
  public @Nullable Double[] optionalDoubles(String column) {
    return values(column, Type.OPTIONAL_FLOAT64, Double[].class).clone();
  }

  /** Returns a utf8 column. */
  @SuppressWarnings("unchecked")
  public List<String> strings(String column) {
    return values(column, Type.UTF8, List.class);
  }

  /** Returns a nullable utf8 column; null where there is no value. */
  @SuppressWarnings("unchecked")
  public List<@Nullable String> optionalStrings(String column) {
    return values(column, Type.OPTIONAL_UTF8, List.class);
  }

  /** Returns a copy of a bool column. */
  public boolean[] booleans(String column) {
    return values(column, Type.BOOL, boolean[].class).clone();
  }

  /** Returns a copy of a float32 list column: rows × {@link #width} values, row after row. */
  public float[] floats(String column) {
    return values(column, Type.FLOAT32_LIST, float[].class).clone();
  }

  /** Returns the number of floats in each row of a float32 list column. */
  public int width(String column) {
    return column(column, Type.FLOAT32_LIST).width();
  }

  List<Column> columns() {
    return columns;
  }

  private <V> V values(String name, Type wanted, Class<V> kind) {
    return kind.cast(column(name, wanted).values());
  }

  private Column column(String name, Type wanted) {
    Column column = find(name);
    if (column.type() != wanted) {
      throw new IllegalArgumentException(
          "Cannot read column " + name + " as " + wanted + ": it is " + column.type());
    }
    return column;
  }

  private Column find(String name) {
    for (Column column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new IllegalArgumentException(
        "Cannot read column " + name + ": table " + schema() + " has " + columnNames());
  }

  /** Collects columns of one length, then builds the table. Arrays are copied. */
  public static final class Builder {
    private final SortedMap<String, String> metadata = new TreeMap<>();
    private final List<Column> columns = new ArrayList<>();

    private Builder() {}

    /** Adds a metadata entry; every key once. */
    public Builder metadata(String key, String value) {
      requireText(key, key);
      requireText(key, value);
      put(key, value);
      return this;
    }

    private void put(String key, String value) {
      if (metadata.putIfAbsent(key, value) != null) {
        throw new IllegalArgumentException("Cannot build table: metadata " + key + " comes twice");
      }
    }

    public Builder ints(String name, int[] values) {
      return add(new Column(name, Type.INT32, values.clone(), 1));
    }

    public Builder longs(String name, long[] values) {
      return add(new Column(name, Type.INT64, values.clone(), 1));
    }

    public Builder doubles(String name, double[] values) {
      return add(new Column(name, Type.FLOAT64, values.clone(), 1));
    }

    /** Adds a float64 column in which null means that there is no value. */
    public Builder optionalDoubles(String name, @Nullable Double[] values) {
      return add(new Column(name, Type.OPTIONAL_FLOAT64, values.clone(), 1));
    }

    public Builder strings(String name, List<String> values) {
      for (String value : values) {
        requireText(name, value);
      }
      return add(new Column(name, Type.UTF8, List.copyOf(values), 1));
    }

    /** Adds a utf8 column in which null means that there is no value. */
    public Builder optionalStrings(String name, List<@Nullable String> values) {
      List<@Nullable String> copy = new ArrayList<>(values);
      for (String value : copy) {
        if (value != null) {
          requireText(name, value);
        }
      }
      return add(new Column(name, Type.OPTIONAL_UTF8, Collections.unmodifiableList(copy), 1));
    }

    public Builder booleans(String name, boolean[] values) {
      return add(new Column(name, Type.BOOL, values.clone(), 1));
    }

    /**
     * Adds a column of fixed-size float lists.
     *
     * @param width floats in each row, at least 1
     * @param values rows × width values, row after row
     */
    public Builder floats(String name, int width, float[] values) {
      if (width < 1 || values.length % width != 0) {
        throw new IllegalArgumentException(
            "Cannot build column %s: %s values do not fill rows of %s"
                .formatted(name, values.length, width));
      }
      return add(new Column(name, Type.FLOAT32_LIST, values.clone(), width));
    }

    private Builder add(Column column) {
      requireText(column.name(), column.name());
      for (Column other : columns) {
        if (other.name().equals(column.name())) {
          throw new IllegalArgumentException(
              "Cannot build table: column " + column.name() + " comes twice");
        }
      }
      if (!columns.isEmpty() && columns.get(0).rows() != column.rows()) {
        throw new IllegalArgumentException(
            "Cannot build table: column %s has %s rows, column %s has %s"
                .formatted(
                    column.name(), column.rows(), columns.get(0).name(), columns.get(0).rows()));
      }
      columns.add(column);
      return this;
    }

    /** An unpaired surrogate would silently become a question mark. */
    private static void requireText(String where, String text) {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw new IllegalArgumentException(
            "Cannot build table: "
                + where
                + " holds text with half a character (a lone surrogate)");
      }
    }

    public Table build() {
      return new Table(metadata, columns);
    }
  }
}
