package dev.twintail.report.chart;

import java.util.List;
import java.util.Optional;

/** Differences with their intervals, one a row, beside the line of no difference. */
public final class Forest {
  private static final int WIDTH = 460;
  private static final double LINE = 38;

  /**
   * One difference.
   *
   * @param low the interval's end; empty without an interval
   * @param wideLow the end of a wider, more careful interval; empty without one
   */
  public record PlottedEstimate(
      String label,
      double difference,
      Optional<Double> low,
      Optional<Double> high,
      Optional<Double> wideLow,
      Optional<Double> wideHigh) {}

  private Forest() {}

  /** Returns the drawing; {@code unit} is what the axis counts. */
  public static Chart of(
      String name, String title, String description, List<PlottedEstimate> rows, String unit) {
    double least = 0;
    double largest = 0;
    for (PlottedEstimate row : rows) {
      double difference = row.difference();
      least = Math.min(least, Math.min(row.low().orElse(difference), difference));
      least = Math.min(least, row.wideLow().orElse(difference));
      largest = Math.max(largest, Math.max(row.high().orElse(difference), difference));
      largest = Math.max(largest, row.wideHigh().orElse(difference));
    }
    Axis x = Axis.around(least, largest, 12, WIDTH - 12);
    Pen pen = new Pen();
    double height = rows.size() * LINE;
    pen.across(x, 0, height, unit);
    pen.line("zero", x.at(0), 0, x.at(0), height);
    double y = 0;
    for (PlottedEstimate row : rows) {
      pen.text("strong over", 0, y + 16, Chart.fit(row.label(), 48));
      pen.text("end over", WIDTH, y + 16, Decimal.signed(row.difference(), 2));
      double middle = y + 27;
      if (row.wideLow().isPresent() && row.wideHigh().isPresent()) {
        pen.line(
            "whisker claim", x.at(row.wideLow().get()), middle, x.at(row.wideHigh().get()), middle);
      }
      if (row.low().isPresent() && row.high().isPresent()) {
        pen.whisker("whisker", x.at(row.low().get()), x.at(row.high().get()), middle, 5);
      }
      pen.diamond("mark", x.at(row.difference()), middle, 5);
      pen.out.line();
      y += LINE;
    }
    return new Chart(name, title, description, WIDTH, (int) Math.ceil(height) + 42, pen.out);
  }
}
