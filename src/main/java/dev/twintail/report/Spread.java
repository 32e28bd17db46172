package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Differences;
import dev.twintail.stats.Power;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far the rounds of a model scatter.
 *
 * @param std of one round with everything new, in percentage points; above 0
 * @param ofPairs the part of the variance that the draw of pairs makes, 0 to 1; empty where it
 *     cannot be told apart
 * @param forOnePoint how many rounds of each of two such models tell a difference of 1 point in 80
 *     of 100 cases, or how many tables where rounds share a draw; empty beyond a million
 */
record Spread(double std, Optional<Double> ofPairs, Optional<Integer> forOnePoint) {
  private static final double POINT = 1;
  private static final double POWER = 0.8;

  /**
   * Returns the models whose rounds scatter and share nothing, in the order of the results.
   *
   * @param evaluations {@code evaluations.arrow}
   * @param variance {@code variance.arrow}, whose models are left out; empty where there is none
   */
  static Map<String, Spread> ofRounds(Table evaluations, Optional<Table> variance) {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    accuracies(evaluations)
        .forEach(
            (model, values) ->
                Sample.of(values)
                    .std()
                    .filter(s -> s > 0)
                    .ifPresent(s -> spreads.put(model, new Spread(s, Optional.empty(), each(s)))));
    variance.ifPresent(v -> spreads.keySet().removeAll(v.strings("model")));
    return spreads;
  }

  /**
   * Returns the models whose rounds share a draw of pairs in each table. What must be told apart
   * then are tables: the deviation of one is √(pairs + rest / rounds), however many its rounds.
   *
   * @param variance {@code variance.arrow}
   */
  static Map<String, Spread> ofTables(Table variance) {
    Map<String, Double> pairs = new LinkedHashMap<>();
    Map<String, Double> rest = new LinkedHashMap<>();
    Map<String, Integer> rounds = new LinkedHashMap<>();
    for (TableRow row : TableRow.of(variance)) {
      String model = row.text("model");
      (row.text("source").equals("pairs") ? pairs : rest)
          .merge(model, row.number("variance"), Double::sum);
      rounds.put(model, row.whole("rounds"));
    }
    Map<String, Spread> spreads = new LinkedHashMap<>();
    rounds.forEach(
        (model, each) -> {
          double drawn = pairs.getOrDefault(model, 0.0);
          double left = rest.getOrDefault(model, 0.0);
          if (drawn + left > 0) {
            spreads.put(
                model,
                new Spread(
                    Math.sqrt(drawn + left),
                    Optional.of(drawn / (drawn + left)),
                    each(Math.sqrt(drawn + left / each))));
          }
        });
    return Collections.unmodifiableMap(spreads);
  }

  /**
   * Returns how many rounds tell that two models differ by 1 point on the same pairs, by the
   * deviation of their differences from round to round; empty with less than two such rounds.
   */
  static Optional<Integer> pairedRounds(Table evaluations, String a, String b) {
    Map<String, List<Double>> all = accuracies(evaluations);
    List<Double> first = all.getOrDefault(a, List.of());
    List<Double> second = all.getOrDefault(b, List.of());
    if (first.size() != second.size() || first.size() < 2) {
      return Optional.empty();
    }
    return Differences.between(first, second)
        .sample()
        .std()
        .filter(s -> s > 0)
        .flatMap(s -> new Power(POINT, s).pairsFor(POWER).value());
  }

  /** Returns the smallest and the largest number that a point takes, such as {@code 8 to 62}. */
  static Optional<String> range(Map<String, Spread> spreads) {
    List<Integer> sorted =
        spreads.values().stream().flatMap(s -> s.forOnePoint().stream()).sorted().toList();
    if (sorted.isEmpty()) {
      return Optional.empty();
    }
    String least = Decimal.grouped(sorted.get(0));
    String most = Decimal.grouped(sorted.get(sorted.size() - 1));
    return Optional.of(least.equals(most) ? least : least + " to " + most);
  }

  private static Optional<Integer> each(double std) {
    return new Power(POINT, std).eachFor(POWER).value();
  }

  /** Returns test accuracies in %, one a round, by model in the order of the results. */
  static Map<String, List<Double>> accuracies(Table evaluations) {
    return inPercent(evaluations, "accuracy");
  }

  /** Returns the same of another column. */
  static Map<String, List<Double>> inPercent(Table evaluations, String column) {
    Map<String, List<Double>> byModel = new LinkedHashMap<>();
    List<String> models = evaluations.strings("model");
    double[] fractions = evaluations.doubles(column);
    for (int i = 0; i < fractions.length; i++) {
      byModel.computeIfAbsent(models.get(i), m -> new ArrayList<>()).add(100 * fractions[i]);
    }
    return byModel;
  }
}
