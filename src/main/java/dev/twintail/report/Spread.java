package dev.twintail.report;

import dev.twintail.result.Table;
import dev.twintail.stats.Power;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far the rounds of a model scatter.
 *
 * @param std of one round, in percentage points; above 0
 * @param ofPairs the part of the variance that the draw of pairs makes, 0 to 1; empty where it
 *     cannot be told apart
 * @param roundsForOnePoint of each of two such models, to tell a difference of 1 point in 80 of 100
 *     cases; empty where it would be more than a million
 */
record Spread(double std, Optional<Double> ofPairs, Optional<Integer> roundsForOnePoint) {
  private static final double POINT = 1;
  private static final double POWER = 0.8;

  /**
   * Returns the models that scatter, in the order of the results.
   *
   * @param evaluations {@code evaluations.arrow}
   * @param variance {@code variance.arrow}; empty where no model has one
   */
  static Map<String, Spread> of(Table evaluations, Optional<Table> variance) {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    accuracies(evaluations)
        .forEach(
            (model, values) ->
                Sample.of(values)
                    .std()
                    .filter(s -> s > 0)
                    .ifPresent(
                        s ->
                            spreads.put(
                                model,
                                new Spread(s, variance.flatMap(v -> pairs(v, model)), rounds(s)))));
    return spreads;
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
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      differences.add(first.get(i) - second.get(i));
    }
    return Sample.of(differences)
        .std()
        .filter(s -> s > 0)
        .flatMap(s -> new Power(POINT, s).pairsFor(POWER).value());
  }

  private static Optional<Integer> rounds(double std) {
    return new Power(POINT, std).eachFor(POWER).value();
  }

  private static Map<String, List<Double>> accuracies(Table evaluations) {
    Map<String, List<Double>> byModel = new LinkedHashMap<>();
    for (int i = 0; i < evaluations.rows(); i++) {
      byModel
          .computeIfAbsent(evaluations.strings("model").get(i), m -> new ArrayList<>())
          .add(100 * evaluations.doubles("accuracy")[i]);
    }
    return byModel;
  }

  private static Optional<Double> pairs(Table variance, String model) {
    for (int i = 0; i < variance.rows(); i++) {
      if (variance.strings("model").get(i).equals(model)
          && variance.strings("source").get(i).equals("pairs")) {
        return Optional.of(variance.doubles("share")[i]);
      }
    }
    return Optional.empty();
  }
}
