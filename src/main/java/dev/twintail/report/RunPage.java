package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.report.chart.Markup;
import dev.twintail.report.chart.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a store knows of an experiment's last run, and of who verified its results: a page for a
 * browser beside the report, and no part of it, since it tells of clocks and machines.
 *
 * @param experiment its name
 * @param words which run it is, when and by what, in a sentence or two
 * @param counts by stage, how many actions were executed and how many reused
 * @param worked which run the tasks are of, in a sentence
 * @param tasks what it executed; may be empty
 * @param verified how often the actions behind a model were computed again; may be empty
 */
public record RunPage(
    String experiment,
    String words,
    Map<String, List<Integer>> counts,
    String worked,
    List<Timeline.TimelineBar> tasks,
    Map<String, String> verified) {
  /** The page's file. */
  public static final String PAGE = "run.html";

  /** Returns the page. */
  public byte[] html() {
    Markup page = new Markup();
    page.open("main", "id", "main").line();
    page.leaf("h1", "The last run of " + experiment + " in this store").line();
    page.leaf("p", words).line();
    page.open("p").leaf("a", "Back to the report", "href", ReportPage.PAGE).closeLine();
    List<List<String>> stages = new ArrayList<>();
    counts.forEach(
        (stage, both) ->
            stages.add(List.of(stage, Decimal.grouped(both.get(0)), Decimal.grouped(both.get(1)))));
    page.add(
        HtmlTable.of(
            "stages",
            "What it executed, and what it reused",
            List.of("Stage", "Executed", "Reused"),
            stages));
    page.leaf("h2", "Who did what, when").line();
    page.leaf("p", worked).line();
    if (!tasks.isEmpty()) {
      page.open("figure");
      page.open(
          "div",
          "class",
          "scroll timeline",
          "role",
          "region",
          "tabindex",
          "0",
          "aria-label",
          "Timeline");
      page.add(
          Timeline.of(
                  "timeline",
                  "Timeline by machine and worker",
                  ("A bar for each of %s, from its start to its end; each row is"
                          + " what one worker did one after another. The longest: %s.")
                      .formatted(Chapters.counted(tasks.size(), "executed action"), longest()),
                  tasks)
              .inline());
      page.close().closeLine();
    }
    page.leaf("h2", "Verified").line();
    if (verified.isEmpty()) {
      page.leaf("p", "Nothing was verified yet: ‘twintail verify’.").line();
    } else {
      page.leaf(
              "p",
              "How often the actions of a model were computed again with the same bytes: the least"
                  + " often done one counts, or how many of them were done at all.")
          .line();
      List<List<String>> models = new ArrayList<>();
      verified.forEach((model, standing) -> models.add(List.of(model, standing)));
      page.add(HtmlTable.of("verified", "Verified models", List.of("Model", "Verified"), models));
    }
    page.closeLine();
    return Shell.page("The last run of " + experiment, page);
  }

  private String longest() {
    Timeline.TimelineBar longest = tasks.get(0);
    for (Timeline.TimelineBar task : tasks) {
      longest = task.to() - task.from() > longest.to() - longest.from() ? task : longest;
    }
    return longest.words();
  }
}
