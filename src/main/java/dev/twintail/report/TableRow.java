package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Interval;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One row of a table of results, and its cells as pages write them: fractions of 1 in %,
 * differences of these in points.
 */
record TableRow(Table table, int index) {
  static List<TableRow> of(Table table) {
    return IntStream.range(0, table.rows()).mapToObj(i -> new TableRow(table, i)).toList();
  }

  String text(String column) {
    return table.strings(column).get(index);
  }

  /** Returns a text, empty where there is none. */
  String optionalText(String column) {
    return Objects.requireNonNullElse(table.optionalStrings(column).get(index), "");
  }

  int whole(String column) {
    return table.ints(column)[index];
  }

  double number(String column) {
    return table.doubles(column)[index];
  }

  Optional<Double> optional(String column) {
    return Optional.ofNullable(table.optionalDoubles(column)[index]);
  }

  String percent(String column) {
    return Decimal.of(100 * number(column), 2);
  }

  /** Returns a difference with its sign. */
  String points(String column) {
    return Decimal.signed(100 * number(column), 2);
  }

  /** Returns a mean and, where there is one, its deviation: {@code 79.71 (1.36)}. */
  String meanAndStd(String mean, String std) {
    return percent(mean) + optional(std).map(s -> " (" + Decimal.of(100 * s, 2) + ")").orElse("");
  }

  /** Returns what has the ends {@code name_low} and {@code name_high}, in %; empty without them. */
  String ends(String name) {
    return ends(name, 100);
  }

  /** Returns the same of numbers that are no fractions of 1, but for a factor. */
  String ends(String name, double factor) {
    return interval(name, factor).map(i -> Decimal.interval(i.low(), i.high())).orElse("");
  }

  /** Returns the interval, times a factor; empty without its ends. */
  Optional<Interval> interval(String name, double factor) {
    return optional(name + "_low")
        .flatMap(
            low ->
                optional(name + "_high")
                    .map(
                        high ->
                            new Interval(
                                Math.min(factor * low, factor * high),
                                Math.max(factor * low, factor * high))));
  }
}
