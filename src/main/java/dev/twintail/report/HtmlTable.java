package dev.twintail.report;

import dev.twintail.report.chart.Markup;
import java.util.List;

/** A table for a page: it scrolls within its own box where the screen is narrow. */
final class HtmlTable {
  private final Markup out = new Markup();

  /**
   * @param id unique in the page
   */
  private HtmlTable(String id, String caption) {
    out.open(
        "div",
        "class",
        "scroll",
        "role",
        "region",
        "tabindex",
        "0",
        "aria-labelledby",
        id + "-caption");
    out.open("table").leaf("caption", caption, "id", id + "-caption").line();
  }

  /** Returns a table of text; the first cell of each row names the row. */
  static Markup of(String id, String caption, List<String> head, List<List<String>> rows) {
    HtmlTable table = new HtmlTable(id, caption).head(head).body();
    for (List<String> row : rows) {
      table.open(row.get(0));
      row.subList(1, row.size()).forEach(table::cell);
      table.closeRow();
    }
    return table.end();
  }

  /** Adds a head of one row. */
  private HtmlTable head(List<String> cells) {
    out.open("thead").open("tr");
    cells.forEach(cell -> out.leaf("th", cell, "scope", "col"));
    out.close().closeLine();
    return this;
  }

  private HtmlTable body() {
    out.open("tbody").line();
    return this;
  }

  /** Starts a row by its name. */
  private HtmlTable open(String name) {
    out.open("tr").leaf("th", name, "scope", "row");
    return this;
  }

  /** Adds a cell, which may break before an interval and nowhere else. */
  private HtmlTable cell(String text) {
    int interval = text.indexOf(" [");
    if (interval < 0) {
      out.leaf("td", text);
    } else {
      String end = text.substring(interval + 1).replace(' ', '\u00a0');
      out.leaf("td", text.substring(0, interval + 1) + end, "class", "breaks");
    }
    return this;
  }

  private HtmlTable closeRow() {
    out.closeLine();
    return this;
  }

  private Markup end() {
    out.close().close().closeLine();
    return out;
  }
}
