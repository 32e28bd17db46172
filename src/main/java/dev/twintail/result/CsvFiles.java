package dev.twintail.result;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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
    StringBuilder text = new StringBuilder();
    line(text, table.columns(), column -> quoted(column.name()));
    for (int i = 0; i < table.rows(); i++) {
      int row = i;
      line(text, table.columns(), column -> cell(column, row));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void line(
      StringBuilder text, List<Column> columns, Function<Column, String> cell) {
    text.append(columns.stream().map(cell).collect(Collectors.joining(","))).append('\n');
  }

  /** Returns a value as text; a list with blanks between its items. */
  private static String cell(Column column, int row) {
    @Nullable Object value = column.value(row * column.width());
    if (value instanceof String text) {
      return quoted(text);
    }
    StringBuilder items = new StringBuilder(Objects.toString(value, ""));
    for (int i = 1; i < column.width(); i++) {
      items.append(' ').append(column.value(row * column.width() + i));
    }
    return items.toString();
  }

  private static String quoted(String text) {
    return text.isEmpty() || QUOTED.matcher(text).find()
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }
}
