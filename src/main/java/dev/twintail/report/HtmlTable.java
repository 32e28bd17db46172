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

  private HtmlTable() {}

  /**
   * Returns a table of text; the first cell of each row names the row.
   *
   * @param id unique in the page
   */
  static Markup of(String id, String caption, List<String> head, List<List<String>> rows) {
    Markup out = new Markup();
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
    out.open("thead").open("tr");
    List<Boolean> numeric = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      int column = i;
      numeric.add(rows.stream().map(row -> row.get(column)).allMatch(HtmlTable::isNumeric));
      if (i > 0 && numeric.get(i)) {
        out.leaf("th", head.get(i), "scope", "col", "class", "k-number");
      } else {
        out.leaf("th", head.get(i), "scope", "col");
      }
    }
    out.close().closeLine();
    out.open("tbody").line();
    for (List<String> row : rows) {
      out.open("tr").leaf("th", row.get(0), "scope", "row");
      for (int i = 1; i < row.size(); i++) {
        cell(out, row.get(i), numeric.get(i));
      }
      out.closeLine();
    }
    return out.close().close().closeLine();
  }

  private static boolean isNumeric(String cell) {
    return NUMERIC.matcher(cell).matches();
  }

  /** Adds a cell, which may break before an interval and nowhere else. */
  private static void cell(Markup out, String text, boolean number) {
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
}
