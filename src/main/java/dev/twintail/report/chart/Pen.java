package dev.twintail.report.chart;

import dev.twintail.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The elements that several drawings are made of. */
final class Pen {
  /**
   * The usual width of a letter, in pixels: wide enough for strong letters of most fonts at 13
   * pixels.
   */
  private static final double LETTER = 9.2;

  final Markup out = new Markup();

  static double width(String text) {
    return LETTER * text.length();
  }

  void line(String style, double x1, double y1, double x2, double y2) {
    out.empty("line", attributes(style, List.of("x1", "y1", "x2", "y2"), x1, y1, x2, y2));
  }

  void rect(String style, double x, double y, double width, double height) {
    out.empty("rect", box(style, x, y, width, height));
  }

  private static String[] box(String style, double x, double y, double width, double height) {
    return attributes(style, List.of("x", "y", "width", "height"), x, y, width, height);
  }

  private static String[] attributes(String style, List<String> names, double... places) {
    List<String> attributes = new ArrayList<>(List.of("class", style));
    for (int i = 0; i < places.length; i++) {
      attributes.addAll(List.of(names.get(i), Decimal.place(places[i])));
    }
    return attributes.toArray(String[]::new);
  }

  void path(String style, String data) {
    out.empty("path", "class", style, "d", data);
  }

  /**
   * @param style such as {@code end} for text that ends at x
   */
  void text(String style, double x, double y, String text) {
    out.leaf(
        "text", Decimal.minus(text), "class", style, "x", Decimal.place(x), "y", Decimal.place(y));
  }

  /** Draws a box that tells what it is where a pointer rests on it. */
  void titled(String style, double x, double y, double width, double height, String title) {
    out.open("rect", box(style, x, y, width, height)).leaf("title", title).close();
  }

  /** Returns the start of a path. */
  static String from(double x, double y) {
    return "M" + Decimal.place(x) + " " + Decimal.place(y);
  }

  void dot(String style, double x, double y, double radius) {
    out.empty("circle", attributes(style, List.of("cx", "cy", "r"), x, y, radius));
  }

  void diamond(String style, double x, double y, double radius) {
    path(
        style,
        "%sl%sl%sl%sz"
            .formatted(
                from(x - radius, y),
                corner(radius, -radius),
                corner(radius, radius),
                corner(-radius, radius)));
  }

  private static String corner(double dx, double dy) {
    return Decimal.place(dx) + " " + Decimal.place(dy);
  }

  /** Draws an interval along an axis, if there is one. */
  void whisker(String style, Axis x, Optional<Interval> interval, double y, double half) {
    interval.ifPresent(i -> whisker(style, x.at(i.low()), x.at(i.high()), y, half));
  }

  /** Draws an interval along x with an upright stroke at each end. */
  void whisker(String style, double from, double to, double y, double half) {
    path(
        style,
        "%sv%sm0 %sH%sm0 %sv%s"
            .formatted(
                from(from, y - half),
                Decimal.place(2 * half),
                Decimal.place(-half),
                Decimal.place(to),
                Decimal.place(-half),
                Decimal.place(2 * half)));
  }

  /** Draws upright grid lines with numbers below, and what they count. */
  void across(Axis x, double top, double bottom, String label) {
    for (double tick : x.ticks()) {
      line("grid", x.at(tick), top, x.at(tick), bottom);
      text("tick middle", x.at(tick), bottom + 16, x.label(tick));
    }
    text("tick middle", (x.from() + x.to()) / 2, bottom + 34, label);
  }
}
