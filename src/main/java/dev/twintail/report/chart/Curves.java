package dev.twintail.report.chart;

import java.util.List;

/** Values over epochs as lines, each with a band around it. */
public final class Curves {
  private static final int WIDTH = 360;
  private static final int HEIGHT = 230;
  private static final int SMALL_WIDTH = 190;
  private static final int SMALL_HEIGHT = 116;
  private static final double LEFT = 44;
  private static final double TOP = 30;
  private static final double BOTTOM = 186;

  /** The mean at an epoch and the ends of its band. */
  public record CurvePoint(int epoch, double mean, double low, double high) {}

  /** One line; the second of a drawing is dashed. */
  public record Curve(String label, List<CurvePoint> points) {
    public Curve {
      points = List.copyOf(points);
    }
  }

  /** What the axes of several drawings span, so that they can be compared. */
  public record Span(int firstEpoch, int lastEpoch, double least, double largest) {}

  private Curves() {}

  /**
   * Returns the drawing.
   *
   * @param lines one or two
   * @param unit what the upright axis counts
   */
  public static Chart of(
      String name, String title, String description, List<Curve> lines, Span span, String unit) {
    Axis x = Axis.exact(span.firstEpoch(), span.lastEpoch(), LEFT, WIDTH - 10);
    Axis y = Axis.around(span.least(), span.largest(), BOTTOM, TOP);
    Pen pen = new Pen();
    for (double tick : y.ticks()) {
      pen.line("grid", LEFT, y.at(tick), WIDTH - 10, y.at(tick));
      pen.text("tick end", LEFT - 6, y.at(tick) + 4, y.label(tick));
    }
    for (double tick : x.ticks()) {
      if (tick == Math.rint(tick)) {
        pen.text("tick middle", x.at(tick), BOTTOM + 16, Decimal.of(tick, 0));
      }
    }
    pen.text("tick", 0, 12, unit);
    pen.text("tick middle", (LEFT + WIDTH - 10) / 2, BOTTOM + 34, "epoch");
    pen.out.line();
    double legend = WIDTH - 10;
    for (int i = lines.size() - 1; i >= 0; i--) {
      String style = i == 0 ? "" : " other";
      legend -= Pen.width(lines.get(i).label());
      pen.text("", legend, 12, lines.get(i).label());
      pen.line("line" + style, legend - 28, 8, legend - 6, 8);
      legend -= 40;
      pen.path("band" + style, band(lines.get(i).points(), x, y));
      pen.path("line" + style, line(lines.get(i).points(), x, y));
      pen.out.line();
    }
    return new Chart(name, title, description, WIDTH, HEIGHT, pen.out);
  }

  /** Returns a small drawing of the same, to stand among others of the same span. */
  public static Chart small(
      String name, String title, String description, List<Curve> lines, Span span) {
    Axis x = Axis.exact(span.firstEpoch(), span.lastEpoch(), 30, SMALL_WIDTH - 6);
    Axis y = Axis.around(span.least(), span.largest(), SMALL_HEIGHT - 18, 8);
    Pen pen = new Pen();
    for (double tick : y.ticks()) {
      pen.line("grid", 30, y.at(tick), SMALL_WIDTH - 6, y.at(tick));
      if (tick == y.low() || tick == y.high()) {
        pen.text("tick end", 26, y.at(tick) + 4, y.label(tick));
      }
    }
    pen.text("tick", 30, SMALL_HEIGHT - 4, Integer.toString(span.firstEpoch()));
    pen.text("tick end", SMALL_WIDTH - 6, SMALL_HEIGHT - 4, Integer.toString(span.lastEpoch()));
    for (int i = lines.size() - 1; i >= 0; i--) {
      String style = i == 0 ? "" : " other";
      pen.path("band" + style, band(lines.get(i).points(), x, y));
      pen.path("line" + style, line(lines.get(i).points(), x, y));
    }
    return new Chart(name, title, description, SMALL_WIDTH, SMALL_HEIGHT, pen.out);
  }

  private static String line(List<CurvePoint> points, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    for (CurvePoint point : points) {
      append(path, x.at(point.epoch()), y.at(point.mean()));
    }
    return path.toString();
  }

  private static String band(List<CurvePoint> points, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    for (CurvePoint point : points) {
      append(path, x.at(point.epoch()), y.at(point.high()));
    }
    for (int i = points.size() - 1; i >= 0; i--) {
      append(path, x.at(points.get(i).epoch()), y.at(points.get(i).low()));
    }
    return path.append('Z').toString();
  }

  private static void append(StringBuilder path, double x, double y) {
    path.append(path.length() == 0 ? 'M' : 'L')
        .append(Decimal.place(x))
        .append(' ')
        .append(Decimal.place(y));
  }
}
