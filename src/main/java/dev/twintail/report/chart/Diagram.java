package dev.twintail.report.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Boxes of lines of text, from top to bottom, joined by arrows. */
public final class Diagram {
  private static final int WIDTH = 400;
  private static final double LINE = 19;
  private static final double GAP = 26;
  private static final double PAD = 10;

  /** A line of a box: words at its left, a figure at its right. */
  public record DiagramLine(String words, String figure) {}

  /**
   * A box.
   *
   * @param title in strong letters
   * @param figure at the right of the title
   */
  public record Block(String title, String figure, List<DiagramLine> lines) {
    public Block {
      lines = List.copyOf(lines);
    }

    private double height() {
      return (1 + lines.size()) * LINE + PAD;
    }
  }

  /** An arrow from one box to a later one, by their places in the list. */
  public record Arrow(int from, int to) {}

  private Diagram() {}

  /** Returns the drawing; arrows that pass boxes run beside them. */
  public static Chart of(
      String name, String title, String description, List<Block> boxes, List<Arrow> arrows) {
    Map<Arrow, Integer> lanes = lanes(arrows);
    int most = lanes.values().stream().mapToInt(lane -> lane + 1).max().orElse(0);
    double right = WIDTH - 1 - (most > 0 ? 14 + 12.0 * most : 0);
    List<Double> tops = new ArrayList<>();
    double y = 1;
    for (Block box : boxes) {
      tops.add(y);
      y += box.height() + GAP;
    }
    Pen pen = new Pen();
    for (int i = 0; i < boxes.size(); i++) {
      box(pen, boxes.get(i), tops.get(i), right);
    }
    for (Arrow arrow : arrows) {
      double bottom = tops.get(arrow.from()) + boxes.get(arrow.from()).height();
      if (arrow.to() == arrow.from() + 1) {
        down(pen, right / 2, bottom, tops.get(arrow.to()));
      } else {
        double start = tops.get(arrow.from()) + boxes.get(arrow.from()).height() - 10;
        double lane = right + 12 + 12.0 * lanes.getOrDefault(arrow, 0);
        beside(pen, right, start, tops.get(arrow.to()) + 10, lane);
      }
    }
    pen.out.line();
    return new Chart(name, title, description, WIDTH, (int) Math.ceil(y - GAP) + 2, pen.out);
  }

  /** Returns for each arrow that passes boxes the innermost lane in which it meets no other. */
  private static Map<Arrow, Integer> lanes(List<Arrow> arrows) {
    Map<Arrow, Integer> lanes = new LinkedHashMap<>();
    List<Arrow> beside =
        arrows.stream()
            .filter(a -> a.to() > a.from() + 1)
            .sorted(
                Comparator.comparingInt((Arrow a) -> a.to() - a.from())
                    .thenComparingInt(Arrow::from))
            .toList();
    for (Arrow arrow : beside) {
      int lane = 0;
      while (taken(lanes, lane, arrow)) {
        lane++;
      }
      lanes.put(arrow, lane);
    }
    return lanes;
  }

  private static boolean taken(Map<Arrow, Integer> lanes, int lane, Arrow arrow) {
    return lanes.entrySet().stream()
        .filter(e -> e.getValue() == lane)
        .map(Map.Entry::getKey)
        .anyMatch(other -> other.from() <= arrow.to() && arrow.from() <= other.to());
  }

  private static void box(Pen pen, Block box, double top, double right) {
    pen.rect("box", 1, top, right - 1, box.height());
    pen.text("strong", PAD, top + LINE - 1, box.title());
    pen.text("quiet end", right - PAD, top + LINE - 1, box.figure());
    double y = top + 2 * LINE - 1;
    for (DiagramLine line : box.lines()) {
      pen.text("", PAD, y, Chart.fit(line.words(), 40));
      pen.text("quiet end", right - PAD, y, line.figure());
      y += LINE;
    }
    pen.out.line();
  }

  private static void down(Pen pen, double x, double from, double to) {
    pen.line("arrow", x, from, x, to - 7);
    pen.path("head", "M" + Decimal.place(x) + " " + Decimal.place(to) + "l-5 -8h10z");
  }

  private static void beside(Pen pen, double right, double from, double to, double far) {
    pen.path(
        "arrow",
        "M%s %sH%sV%sH%s"
            .formatted(
                Decimal.place(right),
                Decimal.place(from),
                Decimal.place(far),
                Decimal.place(to),
                Decimal.place(right + 7)));
    pen.path("head", "M" + Decimal.place(right) + " " + Decimal.place(to) + "l8 -5v10z");
  }
}
