package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Examples;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Predicts the test pairs of a round and counts what is right. */
public record Evaluate(TrainSiamese training) implements Stage {
  /** One row: {@code pairs}, {@code correct}, {@code accuracy}, {@code digit_accuracy}. */
  public static final String EVALUATION = "evaluation.arrow";

  /** One row a test pair. */
  public static final String PREDICTIONS = "predictions.arrow";

  static final String EVALUATION_SCHEMA = "evaluation";
  static final int EVALUATION_VERSION = 1;
  private static final String WEIGHTS = "weights";

  @Override
  public StageName name() {
    return StageName.EVALUATE;
  }

  @Override
  public int round() {
    return training.round();
  }

  @Override
  public SortedMap<String, Input> inputs() {
    return new TreeMap<>(
        Map.of(
            Learning.DATA,
            new Input.OutputOf(training.data(), GenerateData.TEST),
            WEIGHTS,
            new Input.OutputOf(training, Learning.WEIGHTS)));
  }

  @Override
  public void describe(Description description) {
    description.parameter("image", training.image().toString());
    Learning.describe(description, "body", training.body());
    description.parameter("head", training.head().name());
    Learning.describe(description, "tail", training.tail());
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Table pairs = PairTables.read(inputs.bytes(Learning.DATA));
    Weights weights = Safetensors.decode(inputs.bytes(WEIGHTS));
    Examples test = PairTables.examples(pairs, "test", PixelScale.of(weights));
    Trainer.Predictions predictions = trainer.predict(training.network(), weights, test);
    return Map.of(
        EVALUATION, Blob.of(ArrowFiles.encode(evaluation(test, predictions))),
        PREDICTIONS, Blob.of(ArrowFiles.encode(predictions(pairs, predictions))));
  }

  private static Table evaluation(Examples test, Trainer.Predictions predictions) {
    int correct = equal(test.targets(), predictions.targets());
    int[] digits = predictions.digits();
    @Nullable Double digitAccuracy =
        digits == null ? null : (double) equal(test.digits(), digits) / digits.length;
    return Table.builder(EVALUATION_SCHEMA, EVALUATION_VERSION)
        .ints("pairs", new int[] {test.size()})
        .ints("correct", new int[] {correct})
        .doubles("accuracy", new double[] {(double) correct / test.size()})
        .optionalDoubles("digit_accuracy", new @Nullable Double[] {digitAccuracy})
        .build();
  }

  private static int equal(int[] expected, int[] found) {
    int equal = 0;
    for (int i = 0; i < expected.length; i++) {
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
