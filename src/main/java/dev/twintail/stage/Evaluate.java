package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Examples;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.ProtocolSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the pairs of a round and counts what is right: the test pairs, and those of the training
 * pairs that are not for validation.
 *
 * @param data the pairs; of another round than {@code training} learnt where that one's learns the
 *     same in all rounds
 * @param accuracy how the predictions make the accuracy
 */
public record Evaluate(TrainSiamese training, GenerateData data, ProtocolSpec.Accuracy accuracy)
    implements Stage {
  /**
   * One row: {@code pairs}, {@code correct}, {@code accuracy}, {@code digit_accuracy}, {@code
   * train_accuracy}.
   */
  public static final String EVALUATION = "evaluation.arrow";

  /** One row a test pair. */
  public static final String PREDICTIONS = "predictions.arrow";

  /** What every evaluation puts out. */
  public static final Set<String> OUTPUTS = Set.of(EVALUATION, PREDICTIONS);

  static final String EVALUATION_SCHEMA = "evaluation";
  static final int EVALUATION_VERSION = 2;
  private static final String WEIGHTS = "weights";
  private static final String LEARNT = "training-pairs";

  /** Returns the evaluation of {@code model} in one round of the first table. */
  public static Evaluate of(ModelSpec model, DataSpec data, long rootSeed, int round) {
    return of(model, data, rootSeed, round, 1);
  }

  /**
   * Returns the evaluation of {@code model} in one round.
   *
   * @param first round of the table, whose rounds may share pairs or weights
   */
  public static Evaluate of(ModelSpec model, DataSpec data, long rootSeed, int round, int first) {
    boolean fresh = model.protocol().testPairs() == ProtocolSpec.Draw.EVERY_ROUND;
    return new Evaluate(
        TrainSiamese.of(model, data, rootSeed, round, first),
        new GenerateData(data, rootSeed, fresh ? round : first),
        model.protocol().accuracy());
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof Evaluate that
        && accuracy == that.accuracy
        && Objects.equals(data, that.data)
        && Objects.equals(training, that.training);
  }

  /** Of what tells stages apart cheaply; those that are alike in it are compared as a whole. */
  @Override
  public int hashCode() {
    return 31 * training.hashCode();
  }

  @Override
  public StageName name() {
    return StageName.EVALUATE;
  }

  @Override
  public Scope scope() {
    return training.scope();
  }

  @Override
  public Optional<SiameseNetwork> computed() {
    return training.computed();
  }

  /** Returns the round, from 1. */
  public int round() {
    return training.round();
  }

  @Override
  public SortedMap<String, Input> inputs() {
    return new TreeMap<>(
        Map.of(
            LearningColumns.DATA,
            new Input.OutputOf(data, GenerateData.TEST),
            LEARNT,
            new Input.OutputOf(data, GenerateData.TRAIN),
            WEIGHTS,
            new Input.OutputOf(training, LearningColumns.WEIGHTS)));
  }

  @Override
  public Set<String> outputs() {
    return OUTPUTS;
  }

  @Override
  public void describe(Description description) {
    description.part(training.network(), LearningColumns::describe);
    description.parameter("accuracy", accuracy.keyWord());
    if (accuracy == ProtocolSpec.Accuracy.BATCHES) {
      description.parameter("accuracy.batch", training.training().batch());
    }
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Table pairs = PairTables.read(inputs.bytes(LearningColumns.DATA));
    Weights weights = Safetensors.decode(inputs.bytes(WEIGHTS));
    PixelScale scale = PixelScale.of(weights);
    Examples test = PairTables.examples(pairs, "test", scale);
    Examples learnt = PairTables.examples(PairTables.read(inputs.bytes(LEARNT)), "train", scale);
    SiameseNetwork network = training.network();
    Trainer.Predictions predictions = trainer.predict(network, weights, test);
    double learntAccuracy = accuracy(learnt, trainer.predict(network, weights, learnt));
    return Map.of(
        EVALUATION, Blob.of(ArrowFiles.encode(evaluation(test, predictions, learntAccuracy))),
        PREDICTIONS, Blob.of(ArrowFiles.encode(predictions(pairs, predictions))));
  }

  private double accuracy(Examples examples, Trainer.Predictions predictions) {
    int n = examples.size();
    if (accuracy == ProtocolSpec.Accuracy.PAIRS) {
      return (double) equal(examples.targets(), predictions.targets(), 0, n) / n;
    }
    int batch = training.training().batch();
    double sum = 0;
    int batches = 0;
    for (int from = 0; from < n; from += batch) {
      int to = Math.min(from + batch, n);
      sum += (double) equal(examples.targets(), predictions.targets(), from, to) / (to - from);
      batches++;
    }
    return sum / batches;
  }

  private Table evaluation(Examples test, Trainer.Predictions predictions, double learntAccuracy) {
    int correct = equal(test.targets(), predictions.targets(), 0, test.size());
    int[] digits = predictions.digits();
    @Nullable Double digitAccuracy =
        digits == null
            ? null
            : (double) equal(test.digits(), digits, 0, digits.length) / digits.length;
    return Table.builder(EVALUATION_SCHEMA, EVALUATION_VERSION)
        .ints("pairs", new int[] {test.size()})
        .ints("correct", new int[] {correct})
        .doubles("accuracy", new double[] {accuracy(test, predictions)})
        .optionalDoubles("digit_accuracy", new @Nullable Double[] {digitAccuracy})
        .doubles("train_accuracy", new double[] {learntAccuracy})
        .build();
  }

  private static int equal(int[] expected, int[] found, int from, int to) {
    int equal = 0;
    for (int i = from; i < to; i++) {
      equal += expected[i] == found[i] ? 1 : 0;
    }
    return equal;
  }

  /** The columns of predicted digits are there only if the body reads digits. */
  private static Table predictions(Table pairs, Trainer.Predictions predictions) {
    Table.Builder table =
        Table.builder("predictions", 1)
            .ints("pair", pairs.ints("pair"))
            .ints("digit1", pairs.ints("digit1"))
            .ints("digit2", pairs.ints("digit2"))
            .ints("target", pairs.ints("target"))
            .ints("predicted", predictions.targets())
            .optionalDoubles("probability", probabilities(predictions));
    int[] digits = predictions.digits();
    if (digits != null) {
      int[] first = new int[pairs.rows()];
      int[] second = new int[pairs.rows()];
      for (int i = 0; i < first.length; i++) {
        first[i] = digits[2 * i];
        second[i] = digits[2 * i + 1];
      }
      table.ints("predicted_digit1", first).ints("predicted_digit2", second);
    }
    return table.build();
  }

  private static @Nullable Double[] probabilities(Trainer.Predictions predictions) {
    float[] known = predictions.probabilities();
    @Nullable Double[] probabilities = new @Nullable Double[predictions.targets().length];
    for (int i = 0; known != null && i < known.length; i++) {
      probabilities[i] = (double) known[i];
    }
    return probabilities;
  }
}
