package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.spec.Published;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of {@link CollectResults#SUMMARY}; accuracies are fractions of 1. */
final class SummaryColumns {
  private static final List<String> OPTIONAL =
      List.of(
          "std",
          "ci95_low",
          "ci95_high",
          "published_mean",
          "published_std",
          "published_n",
          "difference",
          "difference_ci95_low",
          "difference_ci95_high");

  private final List<String> models = new ArrayList<>();
  private final List<Integer> parameters = new ArrayList<>();
  private final List<Integer> tables = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>();
  private final List<Integer> idle = new ArrayList<>();
  private final List<Double> means = new ArrayList<>();
  private final List<Double> medians = new ArrayList<>();
  private final Map<String, List<@Nullable Double>> optional = new TreeMap<>();
  private final List<String> verdicts = new ArrayList<>();

  /**
   * Adds a model.
   *
   * @param notLearnt how many rounds did not learn
   * @param claims of the model, in the order of the spec; the first about test pairs is shown
   */
  void add(
      CollectResults.ResultRow row,
      List<Double> accuracies,
      int notLearnt,
      List<ClaimVerdict> claims) {
    Sample sample = Sample.of(accuracies);
    models.add(row.model());
    parameters.add(row.parameters());
    tables.add(row.tables());
    counts.add(sample.n());
    idle.add(notLearnt);
    means.add(sample.mean());
    medians.add(Sample.median(accuracies));
    put("std", ClaimColumns.deviation(row, sample));
    // Rounds of several tables are not independent; their tables are.
    Optional<Interval> interval =
        Sample.of(row.units(accuracies))
            .interval95()
            .value()
            .map(i -> i.clippedTo(Interval.FRACTION));
    put("ci95_low", interval.map(Interval::low));
    put("ci95_high", interval.map(Interval::high));
    Optional<ClaimVerdict> claim =
        claims.stream().filter(c -> c.claim().split() == Published.Split.TEST).findFirst();
    Optional<ClaimVerdict.ClaimJudgement> found = claim.map(ClaimVerdict::found);
    put("published_mean", claim.map(ClaimVerdict::publishedMean));
    put("published_std", claim.flatMap(ClaimVerdict::publishedStd));
    put("published_n", claim.map(c -> (double) c.claim().rounds()));
    put("difference", claim.map(c -> sample.mean() - c.publishedMean()));
    Optional<Interval> difference = found.flatMap(ClaimVerdict.ClaimJudgement::difference);
    put("difference_ci95_low", difference.map(i -> i.low() / 100));
    put("difference_ci95_high", difference.map(i -> i.high() / 100));
    verdicts.add(found.map(ClaimVerdict.ClaimJudgement::verdict).orElse("unpublished"));
  }

  private void put(String column, Optional<Double> value) {
    optional.computeIfAbsent(column, c -> new ArrayList<>()).add(value.orElse(null));
  }

  Table table() {
    Table.Builder table =
        Table.builder(CollectResults.SUMMARY_SCHEMA, CollectResults.SUMMARY_VERSION)
            .strings("model", models)
            .ints("parameters", CollectResults.ints(parameters))
            .ints("tables", CollectResults.ints(tables))
            .ints("n", CollectResults.ints(counts))
            .ints("idle", CollectResults.ints(idle))
            .doubles("mean", CollectResults.doubles(means))
            .doubles("median", CollectResults.doubles(medians));
    for (String name : OPTIONAL) {
      table.optionalDoubles(
          name, optional.getOrDefault(name, List.of()).toArray(new @Nullable Double[0]));
    }
    return table.strings("verdict", verdicts).build();
  }
}
