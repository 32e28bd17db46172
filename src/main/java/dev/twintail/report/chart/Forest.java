package dev.twintail.report.chart;

import dev.twintail.stats.Interval;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Differences with their intervals, one a row, beside the line of no difference. */
public final class Forest {
  private static final int WIDTH = 460;
  private static final double LINE = 38;

  /**
   * One difference.
   *
   * @param interval empty without one
   * @param wide a wider, more careful interval; empty without one
   */
  public record PlottedEstimate(
      String label, double difference, Optional<Interval> interval, Optional<Interval> wide) {
    private DoubleStream ends() {
      return Stream.of(interval, wide)
          .flatMap(Optional::stream)
          .flatMapToDouble(i -> DoubleStream.of(i.low(), i.high()));
    }
  }

  private Forest() {}

  /** Returns the drawing; {@code unit} is what the axis counts. */
  public static Chart of(
      String name, String title, String description, List<PlottedEstimate> rows, String unit) {
    DoubleSummaryStatistics all =
        rows.stream()
            .flatMapToDouble(
                row -> DoubleStream.concat(DoubleStream.of(0, row.difference()), row.ends()))
            .summaryStatistics();
    Axis x = Axis.around(Math.min(0, all.getMin()), Math.max(0, all.getMax()), 12, WIDTH - 12);
    Pen pen = new Pen();
    double height = rows.size() * LINE;
    pen.across(x, 0, height, unit);
    pen.line("zero", x.at(0), 0, x.at(0), height);
    double y = 0;
    for (PlottedEstimate row : rows) {
      pen.text("strong over", 0, y + 16, Chart.fit(row.label(), 48));
      pen.text("end over", WIDTH, y + 16, Decimal.signed(row.difference(), 2));
      double middle = y + 27;
      row.wide()
          .ifPresent(w -> pen.line("whisker claim", x.at(w.low()), middle, x.at(w.high()), middle));
      pen.whisker("whisker", x, row.interval(), middle, 5);
      pen.diamond("mark", x.at(row.difference()), middle, 5);
      pen.out.line();
      y += LINE;
    }
    return new Chart(name, title, description, WIDTH, (int) Math.ceil(height) + 42, pen.out);
  }
}
