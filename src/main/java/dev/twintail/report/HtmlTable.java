package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.report.chart.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A table for a page: it scrolls within its own box where the screen is narrow. */
final class HtmlTable {
  /** Numbers and intervals: "+1.20", "[0.50, 2.50]", "< 0.0001", or nothing. */
  private static final Pattern NUMERIC = Pattern.compile("(< )?[-+]?[\\d.,]*|.*\\[[-+\\d., ]+\\]");

  private final Markup out = new Markup();
  private final List<Boolean> numeric = new ArrayList<>();

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
    HtmlTable table = new HtmlTable(id, caption);
    for (int i = 0; i < head.size(); i++) {
      int column = i;
      table.numeric.add(rows.stream().map(row -> row.get(column)).allMatch(HtmlTable::isNumeric));
    }
    table.head(head).body();
    for (List<String> row : rows) {
      table.open(row.get(0));
      for (int i = 1; i < row.size(); i++) {
        table.cell(row.get(i), table.numeric.get(i));
      }
      table.closeRow();
    }
    return table.end();
  }

  private static boolean isNumeric(String cell) {
    return NUMERIC.matcher(cell).matches();
  }

  /** Adds a head of one row. */
  private HtmlTable head(List<String> cells) {
    out.open("thead").open("tr");
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0 && numeric.get(i)) {
        out.leaf("th", cells.get(i), "scope", "col", "class", "k-number");
      } else {
        out.leaf("th", cells.get(i), "scope", "col");
      }
    }
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
  private void cell(String text, boolean number) {
    int interval = text.indexOf(" [");
    String shown =
        interval < 0
            ? text
            : text.substring(0, interval + 1) + text.substring(interval + 1).replace(' ', '\u00a0');
    String style = (number ? "k-number" : "") + (interval < 0 ? "" : " breaks");
    if (style.isEmpty()) {
      out.leaf("td", shown);
    } else {
      out.leaf("td", Decimal.minus(shown), "class", style.strip());
    }
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
