package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.stats.Interval;
import dev.twintail.stats.MultipleComparisonsWithBest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The league as Markdown. */
public final class LeaguePage {
  /** The tables that the page rests on. */
  private static final List<String> TABLES =
      List.of("summary.arrow", "evaluations.arrow", "comparisons.arrow");

  private LeaguePage() {}

  /**
   * Returns the page.
   *
   * @param digest of a table by its name
   */
  public static String of(String title, League league, UnaryOperator<String> digest) {
    Markdown page = new Markdown();
    page.line("# " + Markdown.inline(title), "");
    page.line(
        "Generated from the results by `twintail league`; not written by hand. Test accuracy in %,"
            + " mean (standard deviation) over the same rounds for all, in the common protocol"
            + " unless the title says otherwise. *Behind* is the mean paired difference to the first"
            + " model, in points, with its 95 % interval by Student's t, as in comparisons.arrow."
            + " *Over the best other* is an interval for what the model's true mean has over the"
            + " best of all others, by Hsu's multiple comparisons with the best: with 95 % all of"
            + " them hold at once, whichever model is the best, so none was chosen beforehand. A"
            + " model whose interval reaches 0 from below or holds it may be the best.",
        "");
    page.line(league.best().value().map(LeaguePage::sentence).orElse(league.best().remark()), "");
    page.line(
        "| | model | parameters | accuracy | median | behind | over the best other | may be best |",
        "|---:|---|---:|---:|---:|---:|---:|---|");
    int number = 0;
    for (League.Place place : league.places()) {
      number++;
      page.row(
          Integer.toString(number),
          place.model(),
          Decimal.grouped(place.parameters()),
          Decimal.of(place.mean(), 2)
              + place.std().map(std -> " (" + Decimal.of(std, 2) + ")").orElse(""),
          Decimal.of(place.median(), 2),
          place.behind().map(LeaguePage::behind).orElse(number == 1 ? "" : "other pairs"),
          place.standing().map(s -> interval(s.overBestOther())).orElse(""),
          place.standing().map(s -> s.mayBeBest() ? "yes" : "").orElse(""));
    }
    page.line("");
    List<String> notes = new ArrayList<>();
    TABLES.forEach(name -> notes.add("`" + name + "`, SHA-256 `" + digest.apply(name) + "`"));
    page.line("From " + String.join("; ", notes) + ".");
    return page.toString();
  }

  private static String sentence(MultipleComparisonsWithBest best) {
    List<String> names = best.candidates();
    if (names.size() == 1) {
      return "**" + names.get(0) + "** is the best.";
    }
    return ("**%s models within %s points are tied for the best**: %s. These %s rounds do"
            + " not tell which of them it is.")
        .formatted(
            names.size(),
            Decimal.of(best.candidatesWithin(), 2),
            String.join(", ", names),
            best.n());
  }

  private static String behind(League.Behind behind) {
    return Decimal.of(behind.difference(), 2)
        + behind.ci95().map(ci95 -> " " + interval(ci95)).orElse("");
  }

  private static String interval(Interval interval) {
    return Decimal.interval(interval.low(), interval.high());
  }
}
