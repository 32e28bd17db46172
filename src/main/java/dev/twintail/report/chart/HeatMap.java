package dev.twintail.report.chart;

import java.util.List;

/** Rates in a square of cells, darker where they are higher, each with its number. */
public final class HeatMap {
  private static final double CELL = 33;
  private static final double LEFT = 46;
  private static final double TOP = 40;

  private static final double SMALL = 15;
  private static final double SMALL_LEFT = 18;
  private static final int SMALL_STEPS = 8;

  /** Text stays readable on cells that are no denser than this. */
  private static final double DENSEST = 0.5;

  /**
   * What is in a cell.
   *
   * @param count of how many; 0 for an empty cell
   * @param wrong at most {@code count}
   */
  public record Cell(int wrong, int count) {
    double percent() {
      return 100.0 * wrong / count;
    }
  }

  private HeatMap() {}

  /**
   * Returns the drawing.
   *
   * @param cells row by row, as many rows as columns
   * @param full the rate in percent of the densest colour, above 0
   */
  public static Chart of(
      String name,
      String title,
      String description,
      Cell[][] cells,
      double full,
      String rows,
      String columns) {
    Pen pen = new Pen();
    int n = cells.length;
    int side = (int) Math.ceil(LEFT + n * CELL + 4);
    pen.text("tick middle", LEFT + n * CELL / 2, 12, columns);
    pen.out.leaf(
        "text",
        rows,
        "class",
        "tick middle",
        "transform",
        "translate(12 " + Decimal.place(TOP + n * CELL / 2) + ") rotate(-90)");
    for (int i = 0; i < n; i++) {
      pen.text("strong middle", LEFT + (i + 0.5) * CELL, TOP - 8, Integer.toString(i));
      pen.text("strong end", LEFT - 8, TOP + (i + 0.5) * CELL + 4, Integer.toString(i));
    }
    pen.out.line();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        cell(pen, LEFT + j * CELL, TOP + i * CELL, cells[i][j], full);
      }
      pen.out.line();
    }
    return new Chart(name, title, description, side, (int) Math.ceil(TOP + n * CELL + 4), pen.out);
  }

  /** Returns a small drawing of the same, without numbers, to stand among others. */
  public static Chart small(
      String name, String title, String description, Cell[][] cells, double full) {
    Pen pen = new Pen();
    int n = cells.length;
    for (int i = 0; i < n; i++) {
      pen.text("tick middle", SMALL_LEFT + (i + 0.5) * SMALL, SMALL_LEFT - 4, Integer.toString(i));
      pen.text("tick end", SMALL_LEFT - 4, SMALL_LEFT + (i + 0.5) * SMALL + 4, Integer.toString(i));
    }
    // All cells of one density are one path: a page has many such squares.
    StringBuilder[] paths = new StringBuilder[SMALL_STEPS + 1];
    for (int step = 0; step <= SMALL_STEPS; step++) {
      paths[step] = new StringBuilder();
    }
    StringBuilder empty = new StringBuilder();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        Cell cell = cells[i][j];
        StringBuilder path =
            cell.count() == 0
                ? empty
                : paths[(int) Math.ceil(density(cell, full) / DENSEST * SMALL_STEPS)];
        path.append(Pen.from(SMALL_LEFT + j * SMALL + 0.5, SMALL_LEFT + i * SMALL + 0.5))
            .append("h14v14h-14z");
      }
    }
    pen.path("blank", String.join("", List.of(paths)));
    for (int step = 1; step <= SMALL_STEPS; step++) {
      if (paths[step].length() > 0) {
        pen.out.empty(
            "path",
            "class",
            "cell",
            "fill-opacity",
            Decimal.of((double) step / SMALL_STEPS, 3),
            "d",
            paths[step].toString());
      }
    }
    int side = (int) Math.ceil(SMALL_LEFT + n * SMALL + 2);
    return new Chart(name, title, description, side, side, pen.out);
  }

  /** The square root tells low rates apart where some rate is high. */
  private static double density(Cell cell, double full) {
    return Math.sqrt(Math.min(1, cell.percent() / full)) * DENSEST;
  }

  private static void cell(Pen pen, double x, double y, Cell cell, double full) {
    pen.rect("blank", x + 0.5, y + 0.5, CELL - 1, CELL - 1);
    if (cell.count() == 0) {
      pen.text("quiet middle", x + CELL / 2, y + CELL / 2 + 4, "–");
      return;
    }
    double density = density(cell, full);
    if (cell.wrong() > 0) {
      pen.out.empty(
          "rect",
          "class",
          "cell",
          "fill-opacity",
          Decimal.of(density, 3),
          "x",
          Decimal.place(x + 0.5),
          "y",
          Decimal.place(y + 0.5),
          "width",
          Decimal.place(CELL - 1),
          "height",
          Decimal.place(CELL - 1));
    }
    double percent = cell.percent();
    String number = Decimal.of(percent, percent > 0 && percent < 9.95 ? 1 : 0);
    pen.text("middle", x + CELL / 2, y + CELL / 2 + 4, number);
  }
}
