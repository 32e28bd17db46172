package dev.twintail.report;

import dev.twintail.report.chart.Chart;
import java.util.Collection;
import java.util.List;

/**
 * A part of a report, for a page as well as for Markdown.
 *
 * @param id unique in the report
 * @param lead a paragraph below the title
 * @param grids tables that always show
 * @param charts drawings that always show
 * @param folds what a page shows when it is asked for
 */
record Chapter(
    String id, String title, String lead, List<Grid> grids, List<Chart> charts, List<Fold> folds) {

  /**
   * A table.
   *
   * @param id unique in the report
   * @param rows the first cell of each names the row
   */
  record Grid(String id, String caption, List<String> head, List<List<String>> rows) {
    Grid {
      head = List.copyOf(head);
      rows = List.copyOf(rows);
    }
  }

  /** Something behind a line of words; paragraphs, then tables, then drawings. */
  record Fold(String title, List<String> items, List<Grid> grids, List<Chart> charts) {
    Fold {
      items = List.copyOf(items);
      grids = List.copyOf(grids);
      charts = List.copyOf(charts);
    }

    static Fold items(String title, List<String> items) {
      return new Fold(title, items, List.of(), List.of());
    }

    static Fold grid(String title, Grid grid) {
      return new Fold(title, List.of(), List.of(grid), List.of());
    }
  }

  static Chapter ofCharts(String id, String title, String lead, Collection<Chart> charts) {
    return new Chapter(id, title, lead, List.of(), List.copyOf(charts), List.of());
  }

  Chapter {
    grids = List.copyOf(grids);
    charts = List.copyOf(charts);
    folds = List.copyOf(folds);
  }
}
