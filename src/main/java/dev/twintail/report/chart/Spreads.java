package dev.twintail.report.chart;

import java.util.List;

/** How far values scatter: a bar a row, cut into parts by where the scatter comes from. */
public final class Spreads {
  private static final int WIDTH = 460;
  private static final int NAME = 22;
  private static final double RIGHT = 78;
  private static final double LINE = 24;

  /**
   * One row.
   *
   * @param spread the bar's length
   * @param first which part of the bar is of the first kind, 0 to 1
   * @param figure what stands at the right
   */
  public record SpreadRow(String label, double spread, double first, String figure) {}

  private Spreads() {}

  /**
   * Returns the drawing.
   *
   * @param unit what the axis counts
   * @param figures what the figures at the right count
   */
  public static Chart of(
      String name,
      String title,
      String description,
      List<SpreadRow> rows,
      String unit,
      String figures) {
    double left = 0;
    double largest = 0;
    for (SpreadRow row : rows) {
      left = Math.max(left, Pen.width(Chart.fit(row.label(), NAME)) + 8);
      largest = Math.max(largest, row.spread());
    }
    Axis x = Axis.around(0, largest, left, WIDTH - RIGHT);
    Pen pen = new Pen();
    double top = 18;
    double height = top + rows.size() * LINE;
    pen.text("tick end", WIDTH, 12, figures);
    if (rows.stream().anyMatch(row -> row.first() > 0)) {
      pen.rect("bar first", 1, 3, 10, 10);
      pen.text("tick", 16, 12, "pairs");
      pen.rect("bar", 57, 3, 10, 10);
      pen.text("tick", 72, 12, "the rest");
    }
    pen.across(x, top, height, unit);
    double y = top;
    for (SpreadRow row : rows) {
      pen.text("end strong", left - 8, y + 17, Chart.fit(row.label(), NAME));
      double from = x.at(0);
      double cut = from + row.first() * (x.at(row.spread()) - from);
      pen.rect("bar", cut, y + 5, x.at(row.spread()) - cut, LINE - 10);
      if (row.first() > 0) {
        pen.rect("bar first", from, y + 5, cut - from, LINE - 10);
      }
      pen.text("end", WIDTH, y + 17, row.figure());
      pen.out.line();
      y += LINE;
    }
    return new Chart(name, title, description, WIDTH, (int) Math.ceil(height) + 42, pen.out);
  }
}
