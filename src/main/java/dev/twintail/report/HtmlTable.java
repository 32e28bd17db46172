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

  static HtmlTable of(String id, String caption) {
    return new HtmlTable(id, caption);
  }

  /** Returns a table of text; the first cell of each row names the row. */
  static Markup of(String id, String caption, List<String> head, List<List<String>> rows) {
    HtmlTable table = of(id, caption).head(head).body();
    for (List<String> row : rows) {
      table.open(row.get(0));
      for (String cell : row.subList(1, row.size())) {
        table.cell(new Markup().text(cell));
      }
      table.closeRow();
    }
    return table.end();
  }

  /** Adds a head of one row. */
  HtmlTable head(List<String> cells) {
    out.open("thead").open("tr");
    cells.forEach(cell -> out.leaf("th", cell, "scope", "col"));
    out.close().closeLine();
    return this;
  }

  /** Adds a head that {@code content} tells. */
  HtmlTable head(Markup content) {
    out.open("thead").add(content).closeLine();
    return this;
  }

  HtmlTable body() {
    out.open("tbody").line();
    return this;
  }

  /** Starts a row by its name. */
  HtmlTable open(String name) {
    out.open("tr").leaf("th", name, "scope", "row");
    return this;
  }

  HtmlTable cell(Markup content, String... attributes) {
    out.open("td", attributes).add(content).close();
    return this;
  }

  HtmlTable cell(String text) {
    return cell(new Markup().text(text));
  }

  HtmlTable closeRow() {
    out.closeLine();
    return this;
  }

  Markup end() {
    out.close().close().closeLine();
    return out;
  }
}
