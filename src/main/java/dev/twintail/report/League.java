package dev.twintail.report;

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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All models of an experiment from best to worst. Accuracies are in percent, differences in
 * percentage points.
 *
 * @param places the best first; the order of the spec decides between equals
 * @param best which of those that were tested on the first one's pairs may be the best, or why that
 *     is not told
 */
public record League(List<Place> places, Answer<MultipleComparisonsWithBest> best) {
  /**
   * Where a model stands.
   *
   * @param n rounds, of all tables
   * @param std over the rounds; empty for one
   * @param behind the mean paired difference to the first model, as {@code comparisons.arrow} has
   *     it; empty for the first, and for a model that was tested on other pairs
   * @param standing in the comparison with the best; empty where there is none
   */
  public record Place(
      String model,
      int parameters,
      int n,
      double mean,
      Optional<Double> std,
      double median,
      Optional<Behind> behind,
      Optional<Standing> standing) {}

  /**
   * How far a model is behind the first.
   *
   * @param ci95 by Student's t; empty without spread
   */
  public record Behind(double difference, Optional<Interval> ci95) {}

  public League {
    places = List.copyOf(places);
  }

  /**
   * Returns the league.
   *
   * @param summary {@code summary.arrow}
   * @param evaluations {@code evaluations.arrow}
   * @param comparisons {@code comparisons.arrow}
   */
  public static League of(Table summary, Table evaluations, Table comparisons) {
    List<String> models = summary.strings("model");
    List<TableRow> ranked = ranked(summary);
    String first = ranked.get(0).text("model");
    Map<String, Behind> behind = behind(first, comparisons);
    Map<String, List<Double>> units = units(evaluations);
    Map<String, List<Double>> compared = new LinkedHashMap<>();
    for (String model : models) {
      if (model.equals(first) || behind.containsKey(model)) {
        compared.put(model, Objects.requireNonNull(units.get(model), model));
      }
    }
    Answer<MultipleComparisonsWithBest> best = MultipleComparisonsWithBest.of(compared);
    Map<String, Standing> standings = new HashMap<>();
    best.value().ifPresent(b -> b.standings().forEach(s -> standings.put(s.model(), s)));
    List<Place> places = new ArrayList<>();
    for (TableRow row : ranked) {
      String model = row.text("model");
      places.add(
          new Place(
              model,
              row.whole("parameters"),
              row.whole("n"),
              100 * row.number("mean"),
              row.optional("std").map(std -> 100 * std),
              100 * row.number("median"),
              Optional.ofNullable(behind.get(model)),
              Optional.ofNullable(standings.get(model))));
    }
    return new League(places, best);
  }

  /** Returns the rows of {@code summary.arrow} from the highest mean on; equals in their order. */
  static List<TableRow> ranked(Table summary) {
    return TableRow.of(summary).stream()
        .sorted(Comparator.comparingDouble(row -> -row.number("mean")))
        .toList();
  }

  /** Returns the models that were tested on the pairs of the first, each with its distance. */
  private static Map<String, Behind> behind(String first, Table comparisons) {
    Map<String, Behind> behind = new HashMap<>();
    for (TableRow row : TableRow.of(comparisons)) {
      if (row.text("model_a").equals(first)) {
        behind.put(row.text("model_b"), behind(row, 100));
      } else if (row.text("model_b").equals(first)) {
        behind.put(row.text("model_a"), behind(row, -100));
      }
    }
    return behind;
  }

  private static Behind behind(TableRow row, double sign) {
    return new Behind(sign * row.number("difference"), row.interval("ci95", sign));
  }

  /** Returns accuracies in %, one a round; of several tables the means of each. */
  private static Map<String, List<Double>> units(Table evaluations) {
    Map<String, Map<Integer, List<Double>>> tables = new LinkedHashMap<>();
    for (TableRow row : TableRow.of(evaluations)) {
      tables
          .computeIfAbsent(row.text("model"), m -> new LinkedHashMap<>())
          .computeIfAbsent(row.whole("table"), t -> new ArrayList<>())
          .add(100 * row.number("accuracy"));
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
}
