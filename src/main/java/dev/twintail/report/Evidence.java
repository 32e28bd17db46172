package dev.twintail.report;

import dev.twintail.result.Table;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables that a report is made of.
 *
 * @param results of the experiment, by file name
 * @param asRun of the authors' protocol; empty if they are not at hand
 * @param predictions of every model and round, in the order of the results
 * @param datasets where the pairs are
 * @param opinions of another engine, one an experiment; none where it ran nothing
 */
public record Evidence(
    Map<String, Table> results,
    Optional<Map<String, Table>> asRun,
    List<PredictedPairs> predictions,
    Datasets datasets,
    List<SecondEngine> opinions) {

  /**
   * What one model answered in one round.
   *
   * @param dataset names the pairs that it was asked
   * @param table {@code predictions.arrow}
   */
  public record PredictedPairs(String model, int round, String dataset, Table table) {}

  /** The pairs by name. */
  @FunctionalInterface
  public interface Datasets {
    /** Returns {@code test.arrow} of a dataset. */
    Table pairs(String dataset) throws IOException;
  }

  public Evidence {
    results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    predictions = List.copyOf(predictions);
    opinions = List.copyOf(opinions);
  }

  Table table(String name) {
    return table(results, name);
  }

  static Table table(Map<String, Table> tables, String name) {
    return Optional.ofNullable(tables.get(name))
        .orElseThrow(() -> new IllegalArgumentException("Cannot find the table " + name));
  }

  Optional<Table> find(String name) {
    return Optional.ofNullable(results.get(name));
  }
}
