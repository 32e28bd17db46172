package dev.twintail.report.chart;

/** Rates in a square of cells, darker where they are higher, each with its number. */
public final class HeatMap {
  private static final double CELL = 33;
  private static final double LEFT = 46;
  private static final double TOP = 40;

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

  private static void cell(Pen pen, double x, double y, Cell cell, double full) {
    pen.rect("blank", x + 0.5, y + 0.5, CELL - 1, CELL - 1);
    if (cell.count() == 0) {
      pen.text("quiet middle", x + CELL / 2, y + CELL / 2 + 4, "–");
      return;
    }
    // The square root tells low rates apart where some rate is high.
    double density = Math.sqrt(Math.min(1, cell.percent() / full)) * DENSEST;
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
