package dev.twintail.report.chart;

import java.util.Arrays;
import java.util.List;

/**
 * Boxplots, one a row: from the first to the third quartile with the median, whiskers to the last
 * value within 1.5 times that range, and every value as a dot.
 */
public final class Boxes {
  private static final int WIDTH = 460;
  private static final int NAME = 22;
  private static final double LINE = 30;

  /** Values under one name; at least one. */
  public record BoxedValues(String label, List<Double> values) {
    public BoxedValues {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("Cannot draw a box of no values: " + label);
      }
    }
  }

  private Boxes() {}

  /** Returns the drawing; {@code unit} is what the axis counts. */
  public static Chart of(
      String name, String title, String description, List<BoxedValues> rows, String unit) {
    double left = 0;
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (BoxedValues row : rows) {
      left = Math.max(left, Pen.width(Chart.fit(row.label(), NAME)) + 8);
      for (double value : row.values()) {
        least = Math.min(least, value);
        largest = Math.max(largest, value);
      }
    }
    Axis x = Axis.around(least, largest, left + 6, WIDTH - 14);
    Pen pen = new Pen();
    double height = rows.size() * LINE;
    pen.across(x, 0, height, unit);
    double middle = LINE / 2;
    for (BoxedValues row : rows) {
      pen.text("end strong", left - 8, middle + 4, Chart.fit(row.label(), NAME));
      box(pen, x, middle, row.values());
      pen.out.line();
      middle += LINE;
    }
    return new Chart(name, title, description, WIDTH, (int) Math.ceil(height) + 42, pen.out);
  }

  private static void box(Pen pen, Axis x, double y, List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    double q1 = quantile(sorted, 0.25);
    double median = quantile(sorted, 0.5);
    double q3 = quantile(sorted, 0.75);
    double reach = 1.5 * (q3 - q1);
    double low = Arrays.stream(sorted).filter(v -> v >= q1 - reach).findFirst().orElse(q1);
    double high = Arrays.stream(sorted).filter(v -> v <= q3 + reach).reduce((a, b) -> b).orElse(q3);
    pen.whisker("whisker", x.at(low), x.at(low), y, 5);
    pen.line("whisker", x.at(low), y, x.at(q1), y);
    pen.line("whisker", x.at(q3), y, x.at(high), y);
    pen.whisker("whisker", x.at(high), x.at(high), y, 5);
    pen.rect("bar", x.at(q1), y - 9, x.at(q3) - x.at(q1), 18);
    pen.line("line", x.at(median), y - 9, x.at(median), y + 9);
    for (double value : sorted) {
      pen.dot("dot", x.at(value), y, 2.5);
    }
  }

  /**
   * Returns a quantile by linear interpolation between the two nearest values, as R and NumPy do.
   *
   * @param sorted at least one value
   */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
