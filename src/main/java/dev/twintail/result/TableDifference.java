package dev.twintail.result;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How two tables of the same columns differ, cell by cell. Numbers are equal if their bits are.
 *
 * @param column the first column, in the order of the tables, that differs
 * @param row the first row of it that differs, from 0
 * @param item the first item of that row that differs, from 0; empty in columns without lists
 * @param first what the first table has there
 * @param second what the second table has there
 * @param differing how many values differ in all columns
 * @param values how many values a table has
 * @param maximum the largest absolute difference between numbers; NaN if one of them is no number
 */
public record TableDifference(
    String column,
    int row,
    OptionalInt item,
    String first,
    String second,
    long differing,
    long values,
    double maximum) {

  /**
   * Returns how the tables differ; empty if no value does, or their names, types, rows or lists
   * differ.
   */
  public static Optional<TableDifference> between(Table first, Table second) {
    if (!first.columnNames().equals(second.columnNames()) || first.rows() != second.rows()) {
      return Optional.empty();
    }
    TableDifference found = null;
    long differing = 0;
    long values = 0;
    double maximum = 0;
    for (int c = 0; c < first.columns().size(); c++) {
      Column a = first.columns().get(c);
      Column b = second.columns().get(c);
      int width = a.width();
      if (a.type() != b.type() || width != b.width()) {
        return Optional.empty();
      }
      int cells = a.size();
      values += cells;
      for (int i = 0; i < cells; i++) {
        @Nullable Object x = a.value(i);
        @Nullable Object y = b.value(i);
        // Boxed numbers are equal if their bits are, but for NaNs, which Java writes alike.
        if (Objects.equals(x, y)) {
          continue;
        }
        differing++;
        if (x instanceof Number m && y instanceof Number n) {
          maximum = Math.max(maximum, Math.abs(m.doubleValue() - n.doubleValue()));
        }
        if (found == null) {
          OptionalInt item =
              a.type() == Table.Type.FLOAT32_LIST ? OptionalInt.of(i % width) : OptionalInt.empty();
          found = new TableDifference(a.name(), i / width, item, "" + x, "" + y, 0, 0, 0);
        }
      }
    }
    if (found == null) {
      return Optional.empty();
    }
    return Optional.of(
        new TableDifference(
            found.column,
            found.row,
            found.item,
            found.first,
            found.second,
            differing,
            values,
            maximum));
  }
}
