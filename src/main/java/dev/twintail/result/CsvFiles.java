package dev.twintail.result;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tables as text for spreadsheets: UTF-8, commas, a line of names, then a line a row, as RFC 4180
 * has it but for lines, which end with {@code \n}. A value that lacks is nothing, an empty text
 * {@code ""}; numbers are as Java writes them, which reads back to the same; the metadata are left
 * out.
 */
public final class CsvFiles {
  private static final Pattern QUOTED = Pattern.compile("[\",\r\n]");

  private CsvFiles() {}

  /** Returns the file that holds {@code table}. */
  public static byte[] encode(Table table) {
    List<String> names = table.columnNames();
    List<IntFunction<String>> columns = names.stream().map(name -> cells(table, name)).toList();
    StringBuilder text = new StringBuilder();
    text.append(names.stream().map(CsvFiles::cell).collect(Collectors.joining(","))).append('\n');
    for (int row = 0; row < table.rows(); row++) {
      for (int i = 0; i < columns.size(); i++) {
        text.append(i == 0 ? "" : ",").append(columns.get(i).apply(row));
      }
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the cells of a column by row; a table hands out copies, so it is asked once. */
  private static IntFunction<String> cells(Table table, String column) {
    switch (table.type(column)) {
      case INT32 -> {
        int[] values = table.ints(column);
        return row -> Integer.toString(values[row]);
      }
      case INT64 -> {
        long[] values = table.longs(column);
        return row -> Long.toString(values[row]);
      }
      case FLOAT64 -> {
        double[] values = table.doubles(column);
        return row -> Double.toString(values[row]);
      }
      case OPTIONAL_FLOAT64 -> {
        @Nullable Double[] values = table.optionalDoubles(column);
        return row -> Objects.toString(values[row], "");
      }
      case UTF8 -> {
        List<String> values = table.strings(column);
        return row -> cell(values.get(row));
      }
      case OPTIONAL_UTF8 -> {
        List<@Nullable String> values = table.optionalStrings(column);
        return row -> {
          String value = values.get(row);
          return value == null ? "" : cell(value);
        };
      }
      case BOOL -> {
        boolean[] values = table.booleans(column);
        return row -> Boolean.toString(values[row]);
      }
      case FLOAT32_LIST -> {
        float[] values = table.floats(column);
        int width = table.width(column);
        return row -> list(values, row, width);
      }
    }
    throw new IllegalArgumentException("Cannot write column " + column + " as text");
  }

  private static String list(float[] values, int row, int width) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < width; i++) {
      text.append(i == 0 ? "" : " ").append(values[row * width + i]);
    }
    return text.toString();
  }

  private static String cell(String text) {
    return text.isEmpty() || QUOTED.matcher(text).find()
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }
}
