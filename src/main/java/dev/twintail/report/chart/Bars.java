package dev.twintail.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Measured values as bars with their intervals, claimed ones as diamonds with theirs. */
public final class Bars {
  private static final int WIDTH = 460;
  private static final int NAME = 22;
  private static final double RIGHT = 52;
  private static final double LINE = 17;
  private static final double GAP = 10;

  /**
   * A value and how sure it is.
   *
   * @param low the interval's end; empty without an interval
   */
  public record Value(double value, Optional<Double> low, Optional<Double> high) {}

  /**
   * One row.
   *
   * @param first the full bar
   * @param second the dashed bar below
   * @param claim the diamond below
   */
  public record Bar(
      String label, Optional<Value> first, Optional<Value> second, Optional<Value> claim) {
    private List<Value> values() {
      List<Value> values = new ArrayList<>();
      first.ifPresent(values::add);
      second.ifPresent(values::add);
      claim.ifPresent(values::add);
      return values;
    }
  }

  private Bars() {}

  /**
   * Returns the drawing.
   *
   * @param base where bars start
   * @param top where the axis ends
   * @param unit what the axis counts
   */
  public static Chart of(
      String name,
      String title,
      String description,
      List<Bar> rows,
      double base,
      double top,
      String unit) {
    double left = 0;
    for (Bar row : rows) {
      left = Math.max(left, Pen.width(Chart.fit(row.label(), NAME)) + 8);
    }
    Axis x = Axis.around(base, top, left, WIDTH - RIGHT);
    Pen pen = new Pen();
    double height = GAP;
    for (Bar row : rows) {
      height += Math.max(1, row.values().size()) * LINE + GAP;
    }
    pen.across(x, 0, height, unit);
    double y = GAP;
    for (Bar row : rows) {
      pen.text("end strong", left - 8, y + 13, Chart.fit(row.label(), NAME));
      if (row.first().isPresent()) {
        bar(pen, x, y, "bar", row.first().get());
        pen.text("strong", WIDTH - RIGHT + 8, y + 13, Decimal.of(row.first().get().value(), 2));
        y += LINE;
      }
      if (row.second().isPresent()) {
        bar(pen, x, y, "bar other", row.second().get());
        pen.text("quiet", WIDTH - RIGHT + 8, y + 13, Decimal.of(row.second().get().value(), 2));
        y += LINE;
      }
      if (row.claim().isPresent()) {
        Value claim = row.claim().get();
        interval(pen, x, y, "whisker claim", claim);
        pen.diamond("mark", x.at(claim.value()), y + LINE / 2, 5);
        pen.text("quiet", WIDTH - RIGHT + 8, y + 13, Decimal.of(claim.value(), 2));
        y += LINE;
      }
      y += (row.values().isEmpty() ? LINE : 0) + GAP;
      pen.out.line();
    }
    return new Chart(name, title, description, WIDTH, (int) Math.ceil(height) + 42, pen.out);
  }

  private static void bar(Pen pen, Axis x, double y, String style, Value value) {
    pen.rect(style, x.from(), y + 2, x.at(value.value()) - x.from(), LINE - 4);
    interval(pen, x, y, "whisker", value);
  }

  private static void interval(Pen pen, Axis x, double y, String style, Value value) {
    if (value.low().isPresent() && value.high().isPresent()) {
      pen.whisker(style, x.at(value.low().get()), x.at(value.high().get()), y + LINE / 2, LINE / 4);
    }
  }
}
