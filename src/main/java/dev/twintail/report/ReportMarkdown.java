package dev.twintail.report;

import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Decimal;
import java.util.List;

/** The report as Markdown, with its drawings as files beside it. */
final class ReportMarkdown {
  private final Markdown page = new Markdown();

  private ReportMarkdown() {}

  static String of(Outline outline, List<Chapter> sections, String lead, List<HardPair> hardest) {
    ReportMarkdown report = new ReportMarkdown();
    report.page.line(
        "# " + Markdown.inline(outline.title()),
        "",
        "Source: " + Markdown.inline(outline.source()) + ".",
        "",
        lead,
        "");
    for (Chapter section : sections) {
      report.page.line("## " + section.title(), "", Markdown.inline(section.lead()), "");
      for (Chapter.Grid grid : section.grids()) {
        report.page.grid(grid);
      }
      report.charts(section.charts());
      if (section.id().equals("hardest")) {
        report.hardest(hardest);
      }
      for (Chapter.Fold fold : section.folds()) {
        report.fold(fold);
      }
      report.page.line("");
    }
    return report.page.toString();
  }

  private void charts(List<Chart> charts) {
    for (Chart chart : charts) {
      page.line("![" + chart.title() + "](svg/" + chart.name() + ".svg)", "");
    }
  }

  /** Leaves the long tables to the page. */
  private void fold(Chapter.Fold fold) {
    if (!fold.items().isEmpty()) {
      page.line("### " + fold.title(), "");
      fold.items().forEach(item -> page.line("- " + Markdown.inline(item)));
      page.line("");
    }
    for (Chart chart : fold.charts()) {
      page.line("- [" + chart.title() + "](svg/" + chart.name() + ".svg)");
    }
  }

  private void hardest(List<HardPair> pairs) {
    page.line("| first | second | digits | first ≤ second | wrong |", "|---|---|---|---|---|");
    for (int i = 0; i < pairs.size(); i++) {
      HardPair pair = pairs.get(i);
      page.line(
          "| %s | %s | %s, %s | %s | %s of %s |"
              .formatted(
                  picture(ReportPage.pictureName(i, 1), pair.digit1()),
                  picture(ReportPage.pictureName(i, 2), pair.digit2()),
                  pair.digit1(),
                  pair.digit2(),
                  pair.target() == 1 ? "yes" : "no",
                  Decimal.grouped(pair.wrong()),
                  Decimal.grouped(pair.asked())));
    }
    page.line("");
  }

  private static String picture(String file, int digit) {
    return "<img src=\"" + file + "\" width=\"56\" alt=\"a handwritten " + digit + "\">";
  }
}
