package dev.twintail.stage;

import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Adds columns to a table, each as what it has of every row.
 *
 * @param <T> what tells a row
 */
record RowTable<T>(Table.Builder table, List<T> rows) {
  RowTable<T> strings(String name, Function<T, String> column) {
    table.strings(name, rows.stream().map(column).toList());
    return this;
  }

  RowTable<T> ints(String name, ToIntFunction<T> column) {
    table.ints(name, rows.stream().mapToInt(column).toArray());
    return this;
  }

  RowTable<T> doubles(String name, ToDoubleFunction<T> column) {
    table.doubles(name, rows.stream().mapToDouble(column).toArray());
    return this;
  }

  RowTable<T> optionalStrings(String name, Function<T, Optional<String>> column) {
    List<@Nullable String> values = new ArrayList<>();
    rows.forEach(row -> values.add(column.apply(row).orElse(null)));
    table.optionalStrings(name, values);
    return this;
  }

  RowTable<T> optionalDoubles(String name, Function<T, Optional<Double>> column) {
    @Nullable Double[] values = new @Nullable Double[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i)).orElse(null);
    }
    table.optionalDoubles(name, values);
    return this;
  }

  Table build() {
    return table.build();
  }
}
