package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Differences;
import dev.twintail.stats.Holm;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Sample;
import dev.twintail.stats.SignificanceTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All models of an experiment from best to worst, as Markdown, each compared with the best one on
 * the same pairs, round by round.
 */
public final class LeaguePage {
  private static final double LEVEL = 0.05;

  private LeaguePage() {}

  /**
   * Returns the page.
   *
   * @param evaluations {@code evaluations.arrow}
   * @param parameters of each model in {@code evaluations}
   * @param digest of {@code evaluations}
   */
  public static String of(
      String title, Table evaluations, Map<String, Integer> parameters, String digest) {
    List<Contender> entries = entries(evaluations);
    // The order of the spec decides between equals: sorting is stable.
    entries.sort(Comparator.comparingDouble(e -> -e.sample().mean()));
    List<Differences> differences = new ArrayList<>();
    List<SignificanceTest> tests = new ArrayList<>();
    for (Contender entry : entries.subList(1, entries.size())) {
      Differences paired = Differences.between(entries.get(0).accuracies(), entry.accuracies());
      differences.add(paired);
      tests.add(paired.pairedT());
    }
    List<Holm.Adjusted> adjusted = Holm.of(tests, LEVEL).tests();
    Markdown page = new Markdown();
    page.line("# " + Markdown.inline(title), "");
    page.line(
        "Generated from the results by `twintail league`; not written by hand. Test accuracy in %,"
            + " mean (sample standard deviation) over the same rounds for all. *Behind* is the mean"
            + " paired difference to the first, in points, with its 95 % interval by Student's t; p"
            + " is the paired t-test's, adjusted by Holm over the table.",
        "", "| | model | parameters | accuracy | behind | p |", "|---:|---|---:|---:|---:|---:|");
    for (int i = 0; i < entries.size(); i++) {
      Contender entry = entries.get(i);
      page.row(
          Integer.toString(i + 1),
          entry.model(),
          Decimal.grouped(Objects.requireNonNull(parameters.get(entry.model()), entry.model())),
          accuracy(entry.sample()),
          i == 0 ? "" : behind(differences.get(i - 1)),
          i == 0 ? "" : p(adjusted.get(i - 1)));
    }
    page.line("", "From `evaluations.arrow`, SHA-256 `" + digest + "`.");
    return page.toString();
  }

  /** A model and its accuracies in %, round by round. */
  private record Contender(String model, List<Double> accuracies) {
    Sample sample() {
      return Sample.of(accuracies);
    }
  }

  private static List<Contender> entries(Table evaluations) {
    Map<String, List<Double>> accuracies = new LinkedHashMap<>();
    for (int i = 0; i < evaluations.rows(); i++) {
      accuracies
          .computeIfAbsent(evaluations.strings("model").get(i), m -> new ArrayList<>())
          .add(100 * evaluations.doubles("accuracy")[i]);
    }
    List<Contender> entries = new ArrayList<>();
    accuracies.forEach((model, values) -> entries.add(new Contender(model, values)));
    return entries;
  }

  private static String accuracy(Sample sample) {
    return Decimal.of(sample.mean(), 2)
        + sample.std().map(s -> " (" + Decimal.of(s, 2) + ")").orElse("");
  }

  private static String behind(Differences paired) {
    Optional<Interval> interval = paired.sample().interval95().value();
    return Decimal.of(paired.sample().mean(), 2)
        + interval
            .map(i -> " [" + Decimal.of(i.low(), 2) + ", " + Decimal.of(i.high(), 2) + "]")
            .orElse("");
  }

  private static String p(Holm.Adjusted test) {
    return test.p().map(p -> p < 1e-4 ? "< 0.0001" : Decimal.of(p, 4)).orElse("");
  }
}
