package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Trainer;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.AuthorsRecords;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.FactorialSpec;
import dev.twintail.spec.ProtocolSpec;
import dev.twintail.spec.Published;
import dev.twintail.stats.Learnt;
import dev.twintail.stats.Sample;
import dev.twintail.stats.Sharing;
import dev.twintail.stats.Tables;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Gathers the evaluations and curves of all models and rounds, and summarises the models beside
 * their published numbers. Rows are sorted by the model's place in the spec, then by round.
 *
 * @param searches all sweeps, in the order of the spec
 * @param records rounds that the report's authors recorded; may be empty
 * @param tests what the comparisons of models depend on besides accuracies
 */
public record CollectResults(
    List<ResultRow> rows,
    List<JudgedSearch> searches,
    Optional<AuthorsRecords> records,
    Tests tests)
    implements Stage {
  /**
   * One row a model and round: {@code model, table, round, pairs, correct, majority, accuracy,
   * digit_accuracy, train_accuracy, learnt}.
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

  /** One row a sweep: what choosing on validation and on test pairs gives; where there are any. */
  public static final String SEARCHES = "searches.arrow";

  /** One row a model of which the report's authors recorded rounds: theirs beside ours. */
  public static final String RECORDS = "records.arrow";

  /** How far models go together from round to round, theirs and ours; where there are records. */
  public static final String CORRELATIONS = "correlations.arrow";

  /** One row a pair of models that were tested on the same pairs: their difference, tested. */
  public static final String COMPARISONS = "comparisons.arrow";

  /** One row a model and source of variance; only where models have tables that share draws. */
  public static final String VARIANCE = "variance.arrow";

  /** One row an effect of a 2×2 design; only where the spec has designs. */
  public static final String EFFECTS = "effects.arrow";

  private static final Set<String> ALWAYS =
      Set.of(EVALUATIONS, CURVES, SUMMARY, PUBLISHED, COMPARISONS);

  /** What there is at least where there are sweeps. */
  public static final Set<String> OF_SEARCHES =
      Stream.concat(ALWAYS.stream(), Stream.of(SWEEPS, SEARCHES))
          .collect(Collectors.toUnmodifiableSet());

  /**
   * The largest difference from a published accuracy that would not matter, in percentage points:
   * small beside what the best idea of each report is said to gain.
   */
  static final double MARGIN = 2;

  public static final String SUMMARY_SCHEMA = "summary";
  public static final int SUMMARY_VERSION = 2;
  public static final String PUBLISHED_SCHEMA = "published";
  public static final int PUBLISHED_VERSION = 2;
  public static final String COMPARISONS_SCHEMA = "comparisons";
  public static final int COMPARISONS_VERSION = 1;
  public static final String EVALUATIONS_SCHEMA = "evaluations";
  public static final int EVALUATIONS_VERSION = 3;
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
   * @param shared what the rounds of a table have in common
   * @param tables how many there are, each of as many rounds
   * @param evaluations one a round, round 1 first, table by table
   */
  public record ResultRow(
      String model,
      int parameters,
      List<Published> published,
      ProtocolSpec.Deviation deviation,
      ProtocolSpec.SharedAcrossRounds shared,
      int tables,
      List<Evaluate> evaluations) {
    public ResultRow {
      published = List.copyOf(published);
      evaluations = List.copyOf(evaluations);
    }

    /** Returns the number of rounds of each table. */
    int roundsEach() {
      return evaluations.size() / tables;
    }

    /** Returns measurements of the rounds table by table. */
    Tables tables(List<Double> values) {
      return Tables.of(sharing(shared), values, tables);
    }

    /** Returns the mean of each table, or each round where there is one table. */
    List<Double> units(List<Double> values) {
      return tables == 1
          ? values
          : tables(values).rounds().stream().map(table -> Sample.of(table).mean()).toList();
    }
  }

  /** Returns what is shared, as statistics call it. */
  static Sharing sharing(ProtocolSpec.SharedAcrossRounds shared) {
    return switch (shared) {
      case NOTHING -> Sharing.NOTHING;
      case DRAW -> Sharing.DRAW;
      case WEIGHTS -> Sharing.WEIGHTS;
    };
  }

  public CollectResults {
    rows = List.copyOf(rows);
    searches = List.copyOf(searches);
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
    for (ResultRow row : rows) {
      for (Evaluate evaluate : row.evaluations()) {
        inputs.put(
            role("evaluation", row, evaluate), new Input.OutputOf(evaluate, Evaluate.EVALUATION));
        inputs.put(
            role("curves", row, evaluate),
            new Input.OutputOf(evaluate.training(), LearningColumns.CURVES));
        inputs.put(role(evaluate.data()), new Input.OutputOf(evaluate.data(), GenerateData.TEST));
      }
    }
    for (JudgedSearch search : searches) {
      for (JudgedSearch.JudgedStep step : search.steps()) {
        inputs.put(role(step.choice()), new Input.OutputOf(step.choice(), SelectSetting.TRIALS));
        for (int i = 0; i < step.trials().size(); i++) {
          for (Evaluate evaluate : step.trials().get(i).evaluations()) {
            inputs.put(role(step, i, evaluate), new Input.OutputOf(evaluate, Evaluate.EVALUATION));
          }
        }
      }
    }
    return inputs;
  }

  private static String role(GenerateData data) {
    return "pairs/" + padded(data.round());
  }

  private static String role(SelectSetting step) {
    return "sweep/" + step.sweep() + "/" + padded(step.step());
  }

  private static String role(JudgedSearch.JudgedStep step, int candidate, Evaluate evaluate) {
    return String.join(
        "/",
        "trial",
        step.choice().sweep(),
        padded(step.choice().step()),
        padded(candidate),
        padded(evaluate.round()));
  }

  private static String role(String kind, ResultRow row, Evaluate evaluate) {
    return kind + "/" + row.model() + "/" + padded(evaluate.round());
  }

  /** Returns the number in five digits. A plan makes thousands, too many for formats. */
  private static String padded(int number) {
    String digits = Integer.toString(number);
    return "0".repeat(Math.max(0, 5 - digits.length())) + digits;
  }

  @Override
  public Set<String> outputs() {
    Set<String> outputs = new TreeSet<>(ALWAYS);
    if (rows.stream().anyMatch(VarianceColumns::hasSources)) {
      outputs.add(VARIANCE);
    }
    if (records.isPresent()) {
      outputs.addAll(List.of(RECORDS, CORRELATIONS));
    }
    if (!tests.factorials().isEmpty()) {
      outputs.add(EFFECTS);
    }
    if (!searches.isEmpty()) {
      outputs.addAll(List.of(SWEEPS, SEARCHES));
    }
    return outputs;
  }

  @Override
  public void describe(Description description) {
    description.parameter("margin", MARGIN);
    description.parameter("models", rows.size());
    for (int i = 0; i < rows.size(); i++) {
      ResultRow row = rows.get(i);
      String path = String.format(Locale.ROOT, "model.%04d", i);
      description.parameter(path + ".name", row.model());
      description.parameter(path + ".parameters", row.parameters());
      description.parameter(path + ".rounds", row.evaluations().size());
      description.parameter(path + ".deviation", row.deviation().keyWord());
      description.parameter(path + ".shared", row.shared().keyWord());
      description.parameter(path + ".tables", row.tables());
      for (int j = 0; j < row.published().size(); j++) {
        describe(description, path + ".published." + j, row.published().get(j));
      }
    }
    searches.forEach(search -> describe(description, search));
    records.ifPresent(theirs -> RecordColumns.describe(description, theirs));
    describeTests(description);
  }

  private static void describe(Description description, JudgedSearch search) {
    for (JudgedSearch.JudgedStep step : search.steps()) {
      String path = role(step.choice());
      description.parameter(path, step.trials().size());
      for (int i = 0; i < step.trials().size(); i++) {
        JudgedSearch.JudgedTrial trial = step.trials().get(i);
        String candidate = String.format(Locale.ROOT, "%s.%05d", path, i);
        description.parameter(candidate + ".setting", trial.setting());
        description.parameter(candidate + ".rounds", trial.evaluations().size());
        if (trial.authors() == JudgedSearch.TrialOrigin.AUTHORS) {
          description.parameter(candidate + ".authors", true);
        }
      }
    }
    if (search.authors().isPresent()) {
      JudgedSearch.TheirChoice theirs = search.authors().get();
      String path = "sweep/" + search.sweep() + "/authors";
      description.parameter(path + ".setting", theirs.choice().setting());
      description.parameter(path + ".pairs", theirs.choice().pairs().keyWord());
      description.parameter(path + ".accuracy", theirs.choice().accuracy());
      description.parameter(path + ".where", theirs.choice().where());
      theirs.published().ifPresent(p -> description.parameter(path + ".published", p));
    }
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
      description.parameter(path + ".deviation", claim.deviation().keyWord());
    }
    description.parameter(path + ".rounds", claim.rounds());
    description.parameter(path + ".shared", claim.shared().keyWord());
    description.parameter(path + ".conditions", claim.standing().conditions().keyWord());
    description.parameter(path + ".why", claim.standing().why());
    description.parameter(path + ".where", claim.where());
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    List<EvaluationLine> evaluations = new ArrayList<>();
    CurveColumns curves = new CurveColumns();
    SummaryColumns summaries = new SummaryColumns();
    ClaimColumns claims = new ClaimColumns();
    VarianceColumns variances = new VarianceColumns();
    List<Comparisons.Measured> measured = new ArrayList<>();
    Map<String, Integer> majorities = majorities(inputs);
    Optional<RecordColumns> recorded = records.map(RecordColumns::new);
    for (ResultRow row : rows) {
      List<Double> accuracies = new ArrayList<>();
      List<Double> trained = new ArrayList<>();
      int idle = 0;
      for (int i = 0; i < row.evaluations().size(); i++) {
        Evaluate evaluate = row.evaluations().get(i);
        Table evaluation = evaluation(inputs.bytes(role("evaluation", row, evaluate)));
        Table curve =
            ArrowFiles.decode(inputs.bytes(role("curves", row, evaluate)))
                .require(LearningColumns.CURVES_SCHEMA, LearningColumns.CURVES_VERSION);
        int majority = majorities.getOrDefault(role(evaluate.data()), 0);
        Learnt learnt =
            Learnt.of(
                evaluation.ints("correct")[0],
                evaluation.ints("pairs")[0],
                majority,
                lastLoss(curve));
        int table = i / row.roundsEach() + 1;
        evaluations.add(
            new EvaluationLine(row.model(), table, evaluate.round(), majority, learnt, evaluation));
        accuracies.add(evaluation.doubles("accuracy")[0]);
        trained.add(evaluation.doubles("train_accuracy")[0]);
        idle += learnt == Learnt.YES ? 0 : 1;
        curves.add(row.model(), evaluate.round(), curve);
      }
      List<ClaimVerdict> verdicts = new ArrayList<>();
      for (Published claim : row.published()) {
        boolean test = claim.split() == Published.Split.TEST;
        verdicts.add(new ClaimVerdict(row, claim, test ? accuracies : trained, idle));
      }
      verdicts.forEach(claims::add);
      summaries.add(row, accuracies, idle, verdicts);
      variances.add(row, accuracies);
      recorded.ifPresent(columns -> columns.add(row, accuracies));
      measured.add(
          new Comparisons.Measured(
              row.model(),
              row.evaluations().stream().map(Evaluate::data).toList(),
              row.units(accuracies)));
    }
    Map<String, Blob> outputs = new TreeMap<>();
    outputs.put(EVALUATIONS, Blob.of(ArrowFiles.encode(evaluations(evaluations))));
    outputs.put(CURVES, Blob.of(ArrowFiles.encode(curves.table())));
    outputs.put(SUMMARY, Blob.of(ArrowFiles.encode(summaries.table())));
    outputs.put(PUBLISHED, Blob.of(ArrowFiles.encode(claims.table())));
    Comparisons comparisons = new Comparisons(measured, tests);
    outputs.put(COMPARISONS, Blob.of(ArrowFiles.encode(comparisons.pairs())));
    if (!variances.isEmpty()) {
      outputs.put(VARIANCE, Blob.of(ArrowFiles.encode(variances.table())));
    }
    if (recorded.isPresent()) {
      outputs.put(RECORDS, Blob.of(ArrowFiles.encode(recorded.get().table())));
      outputs.put(CORRELATIONS, Blob.of(ArrowFiles.encode(recorded.get().correlations())));
    }
    if (!tests.factorials().isEmpty()) {
      outputs.put(EFFECTS, Blob.of(ArrowFiles.encode(comparisons.effects())));
    }
    if (!searches.isEmpty()) {
      SearchColumns columns = new SearchColumns();
      for (JudgedSearch search : searches) {
        add(search, inputs, columns);
      }
      outputs.put(SWEEPS, Blob.of(ArrowFiles.encode(columns.sweeps())));
      outputs.put(SEARCHES, Blob.of(ArrowFiles.encode(columns.searches())));
    }
    return outputs;
  }

  /** Returns how many test pairs have the more frequent answer, by the pairs' role. */
  private Map<String, Integer> majorities(Inputs inputs) throws IOException {
    Map<String, Integer> majorities = new TreeMap<>();
    for (String role : inputs().keySet()) {
      if (role.startsWith("pairs/")) {
        int[] targets = PairTables.read(inputs.bytes(role)).ints("target");
        int yes = IntStream.of(targets).sum();
        majorities.put(role, Math.max(yes, targets.length - yes));
      }
    }
    return majorities;
  }

  /** Returns the training loss of the last epoch. */
  private static double lastLoss(Table curve) {
    double last = 0;
    for (int i = 0; i < curve.rows(); i++) {
      if (curve.strings("split").get(i).equals("train")
          && curve.strings("metric").get(i).equals("loss")) {
        last = curve.doubles("value")[i];
      }
    }
    return last;
  }

  private static void add(JudgedSearch search, Inputs inputs, SearchColumns columns)
      throws IOException {
    List<Table> trials = new ArrayList<>();
    List<List<List<Double>>> tests = new ArrayList<>();
    for (JudgedSearch.JudgedStep step : search.steps()) {
      trials.add(SelectSetting.read(inputs.bytes(role(step.choice()))));
      List<List<Double>> ofStep = new ArrayList<>();
      for (int i = 0; i < step.trials().size(); i++) {
        List<Double> accuracies = new ArrayList<>();
        for (Evaluate evaluate : step.trials().get(i).evaluations()) {
          accuracies.add(evaluation(inputs.bytes(role(step, i, evaluate))).doubles("accuracy")[0]);
        }
        ofStep.add(accuracies);
      }
      tests.add(ofStep);
    }
    columns.add(search, trials, tests);
  }

  private static Table evaluation(byte[] file) {
    return ArrowFiles.decode(file).require(Evaluate.EVALUATION_SCHEMA, Evaluate.EVALUATION_VERSION);
  }

  /** A row of {@link #EVALUATIONS}, but for what the evaluation itself tells. */
  private record EvaluationLine(
      String model, int table, int round, int majority, Learnt learnt, Table evaluation) {}

  private static Table evaluations(List<EvaluationLine> lines) {
    return new RowTable<>(Table.builder(EVALUATIONS_SCHEMA, EVALUATIONS_VERSION), lines)
        .strings("model", EvaluationLine::model)
        .ints("table", EvaluationLine::table)
        .ints("round", EvaluationLine::round)
        .ints("pairs", l -> l.evaluation().ints("pairs")[0])
        .ints("correct", l -> l.evaluation().ints("correct")[0])
        .ints("majority", EvaluationLine::majority)
        .doubles("accuracy", l -> l.evaluation().doubles("accuracy")[0])
        .optionalDoubles(
            "digit_accuracy",
            l -> Optional.ofNullable(l.evaluation().optionalDoubles("digit_accuracy")[0]))
        .doubles("train_accuracy", l -> l.evaluation().doubles("train_accuracy")[0])
        .strings("learnt", l -> l.learnt().words())
        .build();
  }
}
