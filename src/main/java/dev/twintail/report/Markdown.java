package dev.twintail.report;

import java.util.List;

/**
 * A page of Markdown in which a text of a spec breaks no table and starts no tag, whatever signs
 * are in it. Its emphasis stays emphasis.
 */
final class Markdown {
  private final StringBuilder text = new StringBuilder();

  /** Adds lines as they are. */
  void line(String... lines) {
    for (String line : lines) {
      text.append(line).append('\n');
    }
  }

  /** Adds a row of a table. */
  void row(String... cells) {
    row(List.of(cells));
  }

  /** Adds a row of a table. */
  void row(List<String> cells) {
    line("| " + String.join(" | ", cells.stream().map(Markdown::inline).toList()) + " |");
  }

  /** Adds a table. */
  void grid(Chapter.Grid grid) {
    row(grid.head());
    line("|" + "---|".repeat(grid.head().size()));
    grid.rows().forEach(this::row);
    line("");
  }

  /** Returns {@code words} on one line, such that they end no cell and start no tag. */
  static String inline(String words) {
    return words.replaceAll("\\R", " ").replace("|", "\\|").replaceAll("<(?=[A-Za-z/!?])", "&lt;");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
