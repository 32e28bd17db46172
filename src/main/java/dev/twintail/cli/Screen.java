package dev.twintail.cli;

import dev.twintail.report.LineWrap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A page of Markdown on a terminal: tables with as many columns as fit, all else wrapped. */
final class Screen {
  private static final int GAP = 2;

  private final int width;
  private final StringBuilder text = new StringBuilder();

  private Screen(int width) {
    this.width = width;
  }

  /** Returns the page as it fits into lines of {@code width}. */
  static String of(String page, int width) {
    Screen screen = new Screen(width);
    List<String> table = new ArrayList<>();
    for (String line : page.lines().toList()) {
      if (line.startsWith("|")) {
        table.add(line);
        continue;
      }
      screen.table(table);
      table.clear();
      screen.wrapped(line);
    }
    screen.table(table);
    return screen.text.toString();
  }

  private void table(List<String> lines) {
    List<List<String>> rows =
        lines.stream().filter(line -> !line.matches("[|:-]+")).map(Screen::cells).toList();
    if (rows.isEmpty()) {
      return;
    }
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < Math.min(widths.length, row.size()); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    int columns = widths.length;
    while (columns > 1 && Arrays.stream(widths, 0, columns).sum() + GAP * (columns - 1) > width) {
      columns--;
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < Math.min(columns, row.size()); i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + GAP));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    if (columns < widths.length) {
      List<String> left = rows.get(0).subList(columns, widths.length);
      wrapped("");
      wrapped("Left out, since the terminal is narrow: " + String.join(", ", left) + ".");
    }
  }

  private static List<String> cells(String row) {
    return Arrays.stream(row.substring(1).split("(?<!\\\\)\\|", 0))
        .map(cell -> cell.strip().replace("\\|", "|"))
        .toList();
  }

  private void wrapped(String line) {
    LineWrap.append(line, width, text);
  }
}
