package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Trainer;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.Published;
import dev.twintail.stats.Comparison;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the evaluations and curves of all models and rounds, and summarises the models beside
 * their published numbers. Rows are sorted by the model's place in the spec, then by round.
 */
public record CollectResults(List<Row> rows) implements Stage {
  /** One row a model and round: {@code model, round, pairs, correct, accuracy, digit_accuracy}. */
  public static final String EVALUATIONS = "evaluations.arrow";

  /** {@code model, round, epoch, split, metric, value}, of train-siamese. */
  public static final String CURVES = "curves.arrow";

  /** One row a model; accuracies are fractions of 1. */
  public static final String SUMMARY = "summary.arrow";

  public static final String SUMMARY_SCHEMA = "summary";
  public static final int SUMMARY_VERSION = 1;

  /**
   * One model.
   *
   * @param evaluations one a round, round 1 first
   */
  public record Row(
      String model, int parameters, Optional<Published> published, List<Evaluate> evaluations) {
    public Row {
      evaluations = List.copyOf(evaluations);
    }
  }

  public CollectResults {
    rows = List.copyOf(rows);
  }

  @Override
  public StageName name() {
    return StageName.RESULTS;
  }

  @Override
  public int round() {
    return 0;
  }

  @Override
  public SortedMap<String, Input> inputs() {
    SortedMap<String, Input> inputs = new TreeMap<>();
    for (Row row : rows) {
      for (Evaluate evaluate : row.evaluations()) {
        inputs.put(
            role("evaluation", row, evaluate), new Input.OutputOf(evaluate, Evaluate.EVALUATION));
        inputs.put(
            role("curves", row, evaluate),
            new Input.OutputOf(evaluate.training(), Learning.CURVES));
      }
    }
    return inputs;
  }

  private static String role(String kind, Row row, Evaluate evaluate) {
    return String.format(Locale.ROOT, "%s/%s/%05d", kind, row.model(), evaluate.round());
  }

  @Override
  public void describe(Description description) {
    description.parameter("models", rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      String path = String.format(Locale.ROOT, "model.%04d", i);
      description.parameter(path + ".name", row.model());
      description.parameter(path + ".parameters", row.parameters());
      description.parameter(path + ".rounds", row.evaluations().size());
      row.published()
          .ifPresent(
              claim -> {
                description.parameter(path + ".published.accuracy", claim.accuracy());
                description.parameter(path + ".published.std", claim.std());
                description.parameter(path + ".published.rounds", claim.rounds());
              });
    }
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Evaluations evaluations = new Evaluations();
    Curves curves = new Curves();
    Summaries summaries = new Summaries();
    for (Row row : rows) {
      List<Double> accuracies = new ArrayList<>();
      for (Evaluate evaluate : row.evaluations()) {
        Table evaluation =
            ArrowFiles.decode(inputs.bytes(role("evaluation", row, evaluate)))
                .require(Evaluate.EVALUATION_SCHEMA, Evaluate.EVALUATION_VERSION);
        evaluations.add(row.model(), evaluate.round(), evaluation);
        accuracies.add(evaluation.doubles("accuracy")[0]);
        curves.add(
            row.model(),
            evaluate.round(),
            ArrowFiles.decode(inputs.bytes(role("curves", row, evaluate)))
                .require(Learning.CURVES_SCHEMA, Learning.CURVES_VERSION));
      }
      summaries.add(row, Sample.of(accuracies));
    }
    return Map.of(
        EVALUATIONS, Blob.of(ArrowFiles.encode(evaluations.table())),
        CURVES, Blob.of(ArrowFiles.encode(curves.table())),
        SUMMARY, Blob.of(ArrowFiles.encode(summaries.table())));
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(i -> i).toArray();
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(d -> d).toArray();
  }

  /** The rows of {@link #EVALUATIONS}. */
  private static final class Evaluations {
    private final List<String> models = new ArrayList<>();
    private final List<Integer> rounds = new ArrayList<>();
    private final List<Integer> pairs = new ArrayList<>();
    private final List<Integer> correct = new ArrayList<>();
    private final List<Double> accuracy = new ArrayList<>();
    private final List<@Nullable Double> digitAccuracy = new ArrayList<>();

    void add(String model, int round, Table evaluation) {
      models.add(model);
      rounds.add(round);
      pairs.add(evaluation.ints("pairs")[0]);
      correct.add(evaluation.ints("correct")[0]);
      accuracy.add(evaluation.doubles("accuracy")[0]);
      digitAccuracy.add(evaluation.optionalDoubles("digit_accuracy")[0]);
    }

    Table table() {
      return Table.builder("evaluations", 1)
          .strings("model", models)
          .ints("round", ints(rounds))
          .ints("pairs", ints(pairs))
          .ints("correct", ints(correct))
          .doubles("accuracy", doubles(accuracy))
          .optionalDoubles("digit_accuracy", digitAccuracy.toArray(new @Nullable Double[0]))
          .build();
    }
  }

  /** The rows of {@link #CURVES}. */
  private static final class Curves {
    private final List<String> models = new ArrayList<>();
    private final List<Integer> rounds = new ArrayList<>();
    private final List<Integer> epochs = new ArrayList<>();
    private final List<String> splits = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();

    void add(String model, int round, Table curve) {
      int[] epoch = curve.ints("epoch");
      double[] value = curve.doubles("value");
      for (int i = 0; i < epoch.length; i++) {
        models.add(model);
        rounds.add(round);
        epochs.add(epoch[i]);
        values.add(value[i]);
      }
      splits.addAll(curve.strings("split"));
      metrics.addAll(curve.strings("metric"));
    }

    Table table() {
      return Table.builder("curves", 1)
          .strings("model", models)
          .ints("round", ints(rounds))
          .ints("epoch", ints(epochs))
          .strings("split", splits)
          .strings("metric", metrics)
          .doubles("value", doubles(values))
          .build();
    }
  }

  /** The rows of {@link #SUMMARY}. */
  private static final class Summaries {
    private final List<String> models = new ArrayList<>();
    private final List<Integer> parameters = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();
    private final List<Double> means = new ArrayList<>();
    private final Map<String, List<@Nullable Double>> optional = new TreeMap<>();
    private final List<String> verdicts = new ArrayList<>();

    void add(Row row, Sample sample) {
      models.add(row.model());
      parameters.add(row.parameters());
      counts.add(sample.n());
      means.add(sample.mean());
      put("std", sample.std().orElse(null));
      Optional<Interval> interval = sample.interval95().value();
      put("ci95_low", interval.map(Interval::low).orElse(null));
      put("ci95_high", interval.map(Interval::high).orElse(null));
      Optional<Sample> claim =
          row.published().map(p -> Sample.published(p.accuracy() / 100, p.std() / 100, p.rounds()));
      put("published_mean", claim.map(Sample::mean).orElse(null));
      put("published_std", claim.flatMap(Sample::std).orElse(null));
      put("published_n", claim.map(c -> (double) c.n()).orElse(null));
      Optional<Comparison> comparison = claim.flatMap(c -> Comparison.welch(sample, c).value());
      put("difference", claim.map(c -> sample.mean() - c.mean()).orElse(null));
      put("difference_ci95_low", comparison.map(c -> c.interval95().low()).orElse(null));
      put("difference_ci95_high", comparison.map(c -> c.interval95().high()).orElse(null));
      verdicts.add(verdict(claim, comparison));
    }

    private static String verdict(Optional<Sample> claim, Optional<Comparison> comparison) {
      if (claim.isEmpty()) {
        return "unpublished";
      }
      return comparison
          .map(c -> c.verdict().name().toLowerCase(Locale.ROOT))
          .orElse("too few rounds");
    }

    private void put(String column, @Nullable Double value) {
      optional.computeIfAbsent(column, c -> new ArrayList<>()).add(value);
    }

    private @Nullable Double[] column(String name) {
      return optional
          .computeIfAbsent(name, c -> new ArrayList<>())
          .toArray(new @Nullable Double[0]);
    }

    Table table() {
      Table.Builder table =
          Table.builder(SUMMARY_SCHEMA, SUMMARY_VERSION)
              .strings("model", models)
              .ints("parameters", ints(parameters))
              .ints("n", ints(counts))
              .doubles("mean", doubles(means));
      for (String name :
          List.of(
              "std",
              "ci95_low",
              "ci95_high",
              "published_mean",
              "published_std",
              "published_n",
              "difference",
              "difference_ci95_low",
              "difference_ci95_high")) {
        table.optionalDoubles(name, column(name));
      }
      return table.strings("verdict", verdicts).build();
    }
  }
}
