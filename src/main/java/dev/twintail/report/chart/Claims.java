package dev.twintail.report.chart;

import dev.twintail.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Values with their intervals along one axis, several a row, so that what was claimed and what came
 * out are seen together. What became of a value is told by colour, by shape and in words.
 */
public final class Claims {
  private static final int WIDTH = 460;
  private static final double RIGHT = 176;
  private static final double HEAD = 19;
  private static final double LINE = 16;
  private static final double GAP = 5;

  /** What a value is. */
  public enum Mark {
    /** What somebody said: an open diamond. */
    CLAIM,
    /** What agrees with it: a disc. */
    AGREES,
    /** What is more: a triangle that points up. */
    ABOVE,
    /** What is less: a triangle that points down. */
    BELOW,
    /** Of which there is no telling: a ring. */
    OPEN,
    /** Which is compared with nothing: a square. */
    ALONE;

    String style() {
      return "mark " + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One value.
   *
   * @param words what stands beside it
   */
  public record Value(double value, Optional<Interval> interval, Mark mark, String words) {}

  /**
   * One row.
   *
   * @param margin how far from its first value the band reaches; empty without a band
   */
  public record ClaimEstimates(String label, Optional<Double> margin, List<Value> values) {
    public ClaimEstimates {
      values = List.copyOf(values);
    }

    private Optional<Interval> band() {
      return margin.map(m -> new Interval(values.get(0).value() - m, values.get(0).value() + m));
    }

    private double height() {
      return HEAD + values.size() * LINE + GAP;
    }
  }

  private Claims() {}

  /**
   * Returns the drawing.
   *
   * @param rows each with a value
   * @param most where the axis ends at the latest
   * @param unit what the axis counts
   */
  public static Chart of(
      String name,
      String title,
      String description,
      List<ClaimEstimates> rows,
      double most,
      String unit) {
    List<Interval> spans = new ArrayList<>();
    for (ClaimEstimates row : rows) {
      row.band().ifPresent(spans::add);
      for (Value value : row.values()) {
        spans.add(value.interval().orElse(new Interval(value.value(), value.value())));
      }
    }
    double least = spans.stream().mapToDouble(Interval::low).min().orElse(0);
    double largest = Math.min(most, spans.stream().mapToDouble(Interval::high).max().orElse(most));
    Axis x = Axis.around(least, largest, 8, WIDTH - RIGHT);
    Pen pen = new Pen();
    double height = rows.stream().mapToDouble(ClaimEstimates::height).sum();
    pen.across(x, 0, height, unit);
    double y = 0;
    for (ClaimEstimates row : rows) {
      row(pen, x, y, row);
      y += row.height();
    }
    return new Chart(name, title, description, WIDTH, (int) Math.ceil(height) + 42, pen.out);
  }

  private static void row(Pen pen, Axis x, double top, ClaimEstimates row) {
    pen.text("strong over", 0, top + 15, Chart.fit(row.label(), 52));
    double y = top + HEAD;
    double height = row.values().size() * LINE;
    row.band()
        .ifPresent(
            b -> pen.rect("margin", x.at(b.low()), y, x.at(b.high()) - x.at(b.low()), height));
    double middle = y + LINE / 2;
    for (Value value : row.values()) {
      String style = "whisker " + value.mark().style();
      pen.whisker(style, x, value.interval(), middle, 4);
      mark(pen, value.mark(), x.at(value.value()), middle);
      pen.text("", WIDTH - RIGHT + 8, middle + 4.5, value.words());
      middle += LINE;
    }
    pen.out.line();
  }

  private static void mark(Pen pen, Mark mark, double x, double y) {
    switch (mark) {
      case CLAIM -> pen.diamond(mark.style(), x, y, 5);
      case AGREES, OPEN -> pen.dot(mark.style(), x, y, 4.5);
      case ABOVE -> pen.path(mark.style(), Pen.from(x - 5.5, y + 4) + "h11l-5.5 -9z");
      case BELOW -> pen.path(mark.style(), Pen.from(x - 5.5, y - 4) + "h11l-5.5 9z");
      case ALONE -> pen.rect(mark.style(), x - 4, y - 4, 8, 8);
    }
  }
}
