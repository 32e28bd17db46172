package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Answer;
import dev.twintail.stats.Interval;
import dev.twintail.stats.MultipleComparisonsWithBest;
import dev.twintail.stats.MultipleComparisonsWithBest.Standing;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All models of an experiment from best to worst, as Markdown: how far each is behind the first, as
 * {@code comparisons.arrow} has it, and which may be the best.
 */
public final class LeaguePage {
  private final Table summary;
  private final Table comparisons;
  private final Map<String, List<Double>> units;
  private final List<Integer> order = new ArrayList<>();

  private LeaguePage(Table summary, Table evaluations, Table comparisons) {
    this.summary = summary;
    this.comparisons = comparisons;
    this.units = units(evaluations);
    for (int i = 0; i < summary.rows(); i++) {
      order.add(i);
    }
    // The order of the spec decides between equals: sorting is stable.
    double[] means = summary.doubles("mean");
    order.sort(Comparator.comparingDouble(i -> -means[i]));
  }

  /**
   * Returns the page.
   *
   * @param summary {@code summary.arrow}
   * @param evaluations {@code evaluations.arrow}
   * @param comparisons {@code comparisons.arrow}
   * @param digests of the tables that the page rests on, by name
   */
  public static String of(
      String title,
      Table summary,
      Table evaluations,
      Table comparisons,
      Map<String, String> digests) {
    return new LeaguePage(summary, evaluations, comparisons).page(title, digests);
  }

  private String page(String title, Map<String, String> digests) {
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
    Set<String> compared = compared();
    Answer<MultipleComparisonsWithBest> best = best(compared);
    page.line(best.value().map(LeaguePage::sentence).orElse(best.remark()), "");
    page.line(
        "| | model | parameters | accuracy | median | behind | over the best other | may be best |",
        "|---:|---|---:|---:|---:|---:|---:|---|");
    Map<String, Standing> standings = new HashMap<>();
    best.value().ifPresent(b -> b.standings().forEach(s -> standings.put(s.model(), s)));
    for (int place = 0; place < order.size(); place++) {
      int row = order.get(place);
      String model = summary.strings("model").get(row);
      Optional<Standing> standing = Optional.ofNullable(standings.get(model));
      page.row(
          Integer.toString(place + 1),
          model,
          Decimal.grouped(summary.ints("parameters")[row]),
          accuracy(row),
          Decimal.of(100 * summary.doubles("median")[row], 2),
          place == 0 ? "" : behind(model).orElse("other pairs"),
          standing.map(s -> interval(s.overBestOther())).orElse(""),
          standing.map(s -> s.mayBeBest() ? "yes" : "").orElse(""));
    }
    page.line("");
    List<String> notes = new ArrayList<>();
    digests.forEach((name, digest) -> notes.add("`" + name + "`, SHA-256 `" + digest + "`"));
    page.line("From " + String.join("; ", notes) + ".");
    return page.toString();
  }

  /** Returns accuracies in %, one a round; of several tables the means of each. */
  private static Map<String, List<Double>> units(Table evaluations) {
    Map<String, Map<Integer, List<Double>>> tables = new LinkedHashMap<>();
    for (int i = 0; i < evaluations.rows(); i++) {
      tables
          .computeIfAbsent(evaluations.strings("model").get(i), m -> new LinkedHashMap<>())
          .computeIfAbsent(evaluations.ints("table")[i], t -> new ArrayList<>())
          .add(100 * evaluations.doubles("accuracy")[i]);
    }
    Map<String, List<Double>> units = new LinkedHashMap<>();
    tables.forEach(
        (model, rounds) ->
            units.put(
                model,
                rounds.size() == 1
                    ? rounds.values().iterator().next()
                    : rounds.values().stream().map(r -> Sample.of(r).mean()).toList()));
    return units;
  }

  private String first() {
    return summary.strings("model").get(order.get(0));
  }

  /** Returns the first model and those that were tested on the same pairs. */
  private Set<String> compared() {
    Set<String> names = new LinkedHashSet<>();
    for (String model : summary.strings("model")) {
      if (model.equals(first()) || comparison(model) >= 0) {
        names.add(model);
      }
    }
    return names;
  }

  private Answer<MultipleComparisonsWithBest> best(Set<String> compared) {
    Map<String, List<Double>> models = new LinkedHashMap<>();
    compared.forEach(m -> models.put(m, Objects.requireNonNull(units.get(m), m)));
    return MultipleComparisonsWithBest.of(models);
  }

  private static String sentence(MultipleComparisonsWithBest best) {
    List<String> names = best.candidates();
    if (names.size() == 1) {
      return "**" + names.get(0) + "** is the best.";
    }
    return "**"
        + names.size()
        + " models within "
        + Decimal.of(best.candidatesWithin(), 2)
        + " points are tied for the best**: "
        + String.join(", ", names)
        + ". These "
        + best.n()
        + " rounds do not tell which of them it is.";
  }

  private String accuracy(int row) {
    @Nullable Double std = summary.optionalDoubles("std")[row];
    return Decimal.of(100 * summary.doubles("mean")[row], 2)
        + (std == null ? "" : " (" + Decimal.of(100 * std, 2) + ")");
  }

  /** Returns the row that compares a model with the first, or −1. */
  private int comparison(String model) {
    List<String> a = comparisons.strings("model_a");
    List<String> b = comparisons.strings("model_b");
    for (int i = 0; i < a.size(); i++) {
      if ((a.get(i).equals(model) && b.get(i).equals(first()))
          || (b.get(i).equals(model) && a.get(i).equals(first()))) {
        return i;
      }
    }
    return -1;
  }

  private Optional<String> behind(String model) {
    int row = comparison(model);
    if (row < 0) {
      return Optional.empty();
    }
    double sign = comparisons.strings("model_a").get(row).equals(model) ? -100 : 100;
    @Nullable Double low = comparisons.optionalDoubles("ci95_low")[row];
    @Nullable Double high = comparisons.optionalDoubles("ci95_high")[row];
    String text = Decimal.of(sign * comparisons.doubles("difference")[row], 2);
    if (low == null || high == null) {
      return Optional.of(text);
    }
    double from = Math.min(sign * low, sign * high);
    double to = Math.max(sign * low, sign * high);
    return Optional.of(text + " " + interval(new Interval(from, to)));
  }

  private static String interval(Interval interval) {
    return "[" + Decimal.of(interval.low(), 2) + ", " + Decimal.of(interval.high(), 2) + "]";
  }
}
