package dev.twintail.report;

import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Decimal;
import java.util.ArrayList;
import java.util.List;

/** The report as Markdown, with its drawings as files beside it. */
final class ReportMarkdown {
  private final StringBuilder text = new StringBuilder();

  private ReportMarkdown() {}

  static String of(Outline outline, List<Section> sections, String lead, List<HardPair> hardest) {
    ReportMarkdown page = new ReportMarkdown();
    page.line("# " + outline.title(), "", "Source: " + outline.source() + ".", "", lead, "");
    for (Section section : sections) {
      page.line("## " + section.title(), "", section.lead(), "");
      for (Section.Grid grid : section.grids()) {
        page.grid(grid);
      }
      page.charts(section.charts());
      if (section.id().equals("hardest")) {
        page.hardest(hardest);
      }
      for (Section.Fold fold : section.folds()) {
        page.fold(fold);
      }
      page.line("");
    }
    return page.text.toString();
  }

  private void line(String... lines) {
    for (String line : lines) {
      text.append(line).append('\n');
    }
  }

  private void charts(List<Chart> charts) {
    for (Chart chart : charts) {
      line("![" + chart.title() + "](svg/" + chart.name() + ".svg)", "");
    }
  }

  /** Leaves the long tables to the page. */
  private void fold(Section.Fold fold) {
    if (!fold.items().isEmpty()) {
      line("### " + fold.title(), "");
      fold.items().forEach(item -> line("- " + item));
      line("");
    }
    for (Chart chart : fold.charts()) {
      line("- [" + chart.title() + "](svg/" + chart.name() + ".svg)");
    }
  }

  private void grid(Section.Grid grid) {
    line("| " + String.join(" | ", grid.head()) + " |");
    line("|" + "---|".repeat(grid.head().size()));
    for (List<String> row : grid.rows()) {
      List<String> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(cell.replace("|", "\\|")));
      line("| " + String.join(" | ", cells) + " |");
    }
    line("");
  }

  private void hardest(List<HardPair> pairs) {
    line("| first | second | digits | first ≤ second | wrong |", "|---|---|---|---|---|");
    for (int i = 0; i < pairs.size(); i++) {
      HardPair pair = pairs.get(i);
      line(
          "| "
              + picture(ReportPage.pictureName(i, 1), pair.digit1())
              + " | "
              + picture(ReportPage.pictureName(i, 2), pair.digit2())
              + " | "
              + pair.digit1()
              + ", "
              + pair.digit2()
              + " | "
              + (pair.target() == 1 ? "yes" : "no")
              + " | "
              + Decimal.grouped(pair.wrong())
              + " of "
              + Decimal.grouped(pair.asked())
              + " |");
    }
    line("");
  }

  private static String picture(String file, int digit) {
    return "<img src=\"" + file + "\" width=\"56\" alt=\"a handwritten " + digit + "\">";
  }
}
