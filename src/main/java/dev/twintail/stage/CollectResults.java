package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Trainer;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.FactorialSpec;
import dev.twintail.spec.ProtocolSpec;
import dev.twintail.spec.Published;
import dev.twintail.stats.Comparison;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Reproduction;
import dev.twintail.stats.Sample;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
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
 *
 * @param sweeps the steps of all sweeps, in the order of the spec
 * @param tests what the comparisons of models depend on besides accuracies
 */
public record CollectResults(List<Row> rows, List<SelectSetting> sweeps, Tests tests)
    implements Stage {
  /**
   * One row a model and round: {@code model, round, pairs, correct, accuracy, digit_accuracy,
   * train_accuracy}.
   */
  public static final String EVALUATIONS = "evaluations.arrow";

  /** {@code model, round, epoch, split, metric, value}, of train-siamese. */
  public static final String CURVES = "curves.arrow";

  /** One row a model; accuracies are fractions of 1. */
  public static final String SUMMARY = "summary.arrow";

  /** One row a claim of the report: ours beside theirs. */
  public static final String PUBLISHED = "published.arrow";

  /** One row a candidate of a sweep; only where there are sweeps. */
  public static final String SWEEPS = "sweeps.arrow";

  /** One row a pair of models that were tested on the same pairs: their difference, tested. */
  public static final String COMPARISONS = "comparisons.arrow";

  /** One row an effect of a 2×2 design; only where the spec has designs. */
  public static final String EFFECTS = "effects.arrow";

  /**
   * The largest difference from a published accuracy that would not matter, in percentage points:
   * small beside what the best idea of each report is said to gain.
   */
  static final double MARGIN = 2;

  public static final String SUMMARY_SCHEMA = "summary";
  public static final int SUMMARY_VERSION = 1;
  public static final String PUBLISHED_SCHEMA = "published";
  public static final int PUBLISHED_VERSION = 1;
  public static final String COMPARISONS_SCHEMA = "comparisons";
  public static final int COMPARISONS_VERSION = 1;
  public static final String EFFECTS_SCHEMA = "effects";
  public static final int EFFECTS_VERSION = 1;

  /**
   * What the comparisons of models depend on besides accuracies.
   *
   * @param seed root of what is drawn
   * @param testPairs of a round
   * @param learntPairs of a round, validation pairs left out
   * @param factorials 2×2 designs among the models
   */
  public record Tests(long seed, int testPairs, int learntPairs, List<FactorialSpec> factorials) {
    public Tests {
      factorials = List.copyOf(factorials);
    }

    /** Returns the tests over the pairs of {@code data}. */
    public static Tests of(long seed, DataSpec data, List<FactorialSpec> factorials) {
      return new Tests(
          seed, data.testPairs(), data.trainPairs() - data.validationPairs(), factorials);
    }

    double testToTrain() {
      return (double) testPairs / learntPairs;
    }

    /**
     * Returns the ratio to 16 digits, with one decimal at least. {@link Double#toString} would give
     * some numbers other digits since Java 19.
     */
    String testToTrainText() {
      BigDecimal ratio =
          BigDecimal.valueOf(testPairs)
              .divide(BigDecimal.valueOf(learntPairs), MathContext.DECIMAL64)
              .stripTrailingZeros();
      return (ratio.scale() < 1 ? ratio.setScale(1) : ratio).toPlainString();
    }
  }

  /**
   * One model.
   *
   * @param evaluations one a round, round 1 first
   */
  public record Row(
      String model,
      int parameters,
      List<Published> published,
      ProtocolSpec.Deviation deviation,
      List<Evaluate> evaluations) {
    public Row {
      published = List.copyOf(published);
      evaluations = List.copyOf(evaluations);
    }
  }

  public CollectResults {
    rows = List.copyOf(rows);
    sweeps = List.copyOf(sweeps);
  }

  @Override
  public StageName name() {
    return StageName.RESULTS;
  }

  @Override
  public Scope scope() {
    return new Scope.Whole();
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
    for (SelectSetting step : sweeps) {
      inputs.put(role(step), new Input.OutputOf(step, SelectSetting.TRIALS));
    }
    return inputs;
  }

  private static String role(SelectSetting step) {
    return String.format(Locale.ROOT, "sweep/%s/%05d", step.sweep(), step.step());
  }

  private static String role(String kind, Row row, Evaluate evaluate) {
    return String.format(Locale.ROOT, "%s/%s/%05d", kind, row.model(), evaluate.round());
  }

  @Override
  public void describe(Description description) {
    description.parameter("margin", MARGIN);
    description.parameter("models", rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      String path = String.format(Locale.ROOT, "model.%04d", i);
      description.parameter(path + ".name", row.model());
      description.parameter(path + ".parameters", row.parameters());
      description.parameter(path + ".rounds", row.evaluations().size());
      description.parameter(path + ".deviation", row.deviation().keyWord());
      for (int j = 0; j < row.published().size(); j++) {
        describe(description, path + ".published." + j, row.published().get(j));
      }
    }
    for (SelectSetting step : sweeps) {
      description.parameter(role(step), step.trials().size());
    }
    describeTests(description);
  }

  private void describeTests(Description description) {
    description.parameter("tests.level", TestColumns.LEVEL);
    description.parameter("tests.draws", TestColumns.DRAWS);
    description.parameter("tests.most-ranked", TestColumns.MOST_RANKED);
    description.parameter("tests.seed", tests.seed());
    description.parameter("tests.test-pairs", tests.testPairs());
    description.parameter("tests.learnt-pairs", tests.learntPairs());
    description.parameter("tests.factorials", tests.factorials().size());
    for (int i = 0; i < tests.factorials().size(); i++) {
      FactorialSpec design = tests.factorials().get(i);
      String path = String.format(Locale.ROOT, "tests.factorial.%04d", i);
      description.parameter(path + ".name", design.name());
      description.parameter(path + ".neither", design.neither());
      description.parameter(path + ".sharing", design.sharing());
      description.parameter(path + ".auxiliary", design.auxiliary());
      description.parameter(path + ".both", design.both());
    }
  }

  private static void describe(Description description, String path, Published claim) {
    description.parameter(path + ".split", claim.split().keyWord());
    description.parameter(path + ".accuracy", claim.accuracy());
    if (claim.std().isPresent()) {
      description.parameter(path + ".std", claim.std().get());
    }
    description.parameter(path + ".rounds", claim.rounds());
    description.parameter(path + ".where", claim.where());
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Evaluations evaluations = new Evaluations();
    Curves curves = new Curves();
    Summaries summaries = new Summaries();
    Claims claims = new Claims();
    List<Comparisons.Measured> measured = new ArrayList<>();
    for (Row row : rows) {
      List<Double> accuracies = new ArrayList<>();
      List<Double> learnt = new ArrayList<>();
      for (Evaluate evaluate : row.evaluations()) {
        Table evaluation =
            ArrowFiles.decode(inputs.bytes(role("evaluation", row, evaluate)))
                .require(Evaluate.EVALUATION_SCHEMA, Evaluate.EVALUATION_VERSION);
        evaluations.add(row.model(), evaluate.round(), evaluation);
        accuracies.add(evaluation.doubles("accuracy")[0]);
        learnt.add(evaluation.doubles("train_accuracy")[0]);
        curves.add(
            row.model(),
            evaluate.round(),
            ArrowFiles.decode(inputs.bytes(role("curves", row, evaluate)))
                .require(Learning.CURVES_SCHEMA, Learning.CURVES_VERSION));
      }
      summaries.add(row, Sample.of(accuracies));
      measured.add(
          new Comparisons.Measured(
              row.model(), row.evaluations().stream().map(Evaluate::data).toList(), accuracies));
      for (Published claim : row.published()) {
        boolean test = claim.split() == Published.Split.TEST;
        claims.add(row, claim, Sample.of(test ? accuracies : learnt));
      }
    }
    Map<String, Blob> outputs = new TreeMap<>();
    outputs.put(EVALUATIONS, Blob.of(ArrowFiles.encode(evaluations.table())));
    outputs.put(CURVES, Blob.of(ArrowFiles.encode(curves.table())));
    outputs.put(SUMMARY, Blob.of(ArrowFiles.encode(summaries.table())));
    outputs.put(PUBLISHED, Blob.of(ArrowFiles.encode(claims.table())));
    Comparisons comparisons = new Comparisons(measured, tests);
    outputs.put(COMPARISONS, Blob.of(ArrowFiles.encode(comparisons.pairs())));
    if (!tests.factorials().isEmpty()) {
      outputs.put(EFFECTS, Blob.of(ArrowFiles.encode(comparisons.effects())));
    }
    if (!sweeps.isEmpty()) {
      outputs.put(SWEEPS, Blob.of(ArrowFiles.encode(sweepTable(inputs))));
    }
    return outputs;
  }

  private Table sweepTable(Inputs inputs) throws IOException {
    List<Table> steps = new ArrayList<>();
    for (SelectSetting step : sweeps) {
      steps.add(SelectSetting.read(inputs.bytes(role(step))));
    }
    return SelectSetting.join(steps);
  }

  /** Returns a claim as fractions of 1: 79.71 % is 0.7971, not the binary number next to it. */
  private static double fraction(double percent) {
    return BigDecimal.valueOf(percent).movePointLeft(2).doubleValue();
  }

  private static Sample sample(Published claim) {
    return claim.std().isPresent()
        ? Sample.published(fraction(claim.accuracy()), fraction(claim.std().get()), claim.rounds())
        : new Sample(claim.rounds(), fraction(claim.accuracy()), Optional.empty());
  }

  /** Compares in percent, so that the reason reads as the reports do. */
  private static Reproduction reproduction(Sample ours, Sample claim) {
    return Reproduction.of(percent(ours), percent(claim), MARGIN);
  }

  private static Sample percent(Sample sample) {
    return new Sample(sample.n(), 100 * sample.mean(), sample.std().map(s -> 100 * s));
  }

  private static String word(Reproduction.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the standard deviation as the protocol divides. */
  private static @Nullable Double deviation(Row row, Sample sample) {
    boolean population = row.deviation() == ProtocolSpec.Deviation.POPULATION;
    double factor = population ? Math.sqrt((sample.n() - 1.0) / sample.n()) : 1;
    return sample.std().map(s -> s * factor).orElse(null);
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
    private final List<Double> trainAccuracy = new ArrayList<>();

    void add(String model, int round, Table evaluation) {
      trainAccuracy.add(evaluation.doubles("train_accuracy")[0]);
      models.add(model);
      rounds.add(round);
      pairs.add(evaluation.ints("pairs")[0]);
      correct.add(evaluation.ints("correct")[0]);
      accuracy.add(evaluation.doubles("accuracy")[0]);
      digitAccuracy.add(evaluation.optionalDoubles("digit_accuracy")[0]);
    }

    Table table() {
      return Table.builder("evaluations", 2)
          .strings("model", models)
          .ints("round", ints(rounds))
          .ints("pairs", ints(pairs))
          .ints("correct", ints(correct))
          .doubles("accuracy", doubles(accuracy))
          .optionalDoubles("digit_accuracy", digitAccuracy.toArray(new @Nullable Double[0]))
          .doubles("train_accuracy", doubles(trainAccuracy))
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

  /** The rows of {@link #PUBLISHED}. */
  private static final class Claims {
    private final List<String> models = new ArrayList<>();
    private final List<String> splits = new ArrayList<>();
    private final List<String> places = new ArrayList<>();
    private final List<Integer> theirRounds = new ArrayList<>();
    private final List<Double> theirMeans = new ArrayList<>();
    private final List<Integer> rounds = new ArrayList<>();
    private final List<Double> means = new ArrayList<>();
    private final List<@Nullable Double> theirStds = new ArrayList<>();
    private final List<@Nullable Double> stds = new ArrayList<>();
    private final List<@Nullable Double> lows = new ArrayList<>();
    private final List<@Nullable Double> highs = new ArrayList<>();
    private final List<String> verdicts = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();

    void add(Row row, Published published, Sample ours) {
      Sample theirs = sample(published);
      Optional<Comparison> comparison = Comparison.of(ours, theirs).value();
      Reproduction reproduction = reproduction(ours, theirs);
      models.add(row.model());
      splits.add(published.split().name().toLowerCase(Locale.ROOT));
      places.add(published.where());
      theirRounds.add(theirs.n());
      theirMeans.add(theirs.mean());
      theirStds.add(theirs.std().orElse(null));
      rounds.add(ours.n());
      means.add(ours.mean());
      stds.add(deviation(row, ours));
      lows.add(comparison.map(c -> c.interval95().low()).orElse(null));
      highs.add(comparison.map(c -> c.interval95().high()).orElse(null));
      verdicts.add(word(reproduction.verdict()));
      reasons.add(reproduction.reason());
    }

    Table table() {
      double[] differences = new double[means.size()];
      for (int i = 0; i < differences.length; i++) {
        differences[i] = means.get(i) - theirMeans.get(i);
      }
      return Table.builder(PUBLISHED_SCHEMA, PUBLISHED_VERSION)
          .strings("model", models)
          .strings("split", splits)
          .strings("where", places)
          .ints("published_n", ints(theirRounds))
          .doubles("published_mean", doubles(theirMeans))
          .optionalDoubles("published_std", theirStds.toArray(new @Nullable Double[0]))
          .ints("n", ints(rounds))
          .doubles("mean", doubles(means))
          .optionalDoubles("std", stds.toArray(new @Nullable Double[0]))
          .doubles("difference", differences)
          .optionalDoubles("difference_ci95_low", lows.toArray(new @Nullable Double[0]))
          .optionalDoubles("difference_ci95_high", highs.toArray(new @Nullable Double[0]))
          .metadata("margin", Double.toString(MARGIN / 100))
          .strings("verdict", verdicts)
          .strings("reason", reasons)
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
      put("std", deviation(row, sample));
      Optional<Interval> interval = sample.interval95().value();
      put("ci95_low", interval.map(Interval::low).orElse(null));
      put("ci95_high", interval.map(Interval::high).orElse(null));
      Optional<Sample> claim =
          row.published().stream()
              .filter(p -> p.split() == Published.Split.TEST)
              .findFirst()
              .map(CollectResults::sample);
      put("published_mean", claim.map(Sample::mean).orElse(null));
      put("published_std", claim.flatMap(Sample::std).orElse(null));
      put("published_n", claim.map(c -> (double) c.n()).orElse(null));
      Optional<Comparison> comparison = claim.flatMap(c -> Comparison.of(sample, c).value());
      put("difference", claim.map(c -> sample.mean() - c.mean()).orElse(null));
      put("difference_ci95_low", comparison.map(c -> c.interval95().low()).orElse(null));
      put("difference_ci95_high", comparison.map(c -> c.interval95().high()).orElse(null));
      verdicts.add(claim.map(c -> word(reproduction(sample, c).verdict())).orElse("unpublished"));
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
