package dev.twintail.stage;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.Safetensors;
import dev.twintail.model.Weights;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.random.Seed;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainSiameseTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final StageOutputs OUTPUTS = new StageOutputs();
  private static final String WARM =
      TinyExperiment.edited(
          "rounds: 2\n",
          "rounds: 2\nconditions: as-run\nprotocol:\n  training-pairs: first-round\n"
              + "  start: previous-round\n");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"PreTrain", "PreTrainRandom"})
  void run_frozenTail_keepsItsBytes(String model) {
    TrainSiamese training = training(model);

    Weights pretrained = weights(training.pretrainedTail().orElseThrow());
    Weights trained = weights(training);

    assertThat(pretrained.part("tail").tensors()).hasSize(6);
    assertThat(sameBits(trained.part("tail"), pretrained.part("tail"))).isTrue();
  }

  @Test
  void run_thawedTail_learns() {
    TrainSiamese frozen = training("PreTrain");
    TrainSiamese thawed =
        new TrainSiamese(
            frozen.data(),
            frozen.round(),
            frozen.network(),
            frozen.loss(),
            frozen.training(),
            frozen.pretrainedTail(),
            false,
            frozen.pretrainedBody(),
            frozen.previous());

    assertThat(sameBits(weights(thawed).part("tail"), weights(frozen).part("tail"))).isFalse();
  }

  @Test
  void of_aRoundThatGoesOn_pretrainsNothing() throws IOException {
    Experiment warm = ExperimentReader.read(TinyExperiment.write(folder, "warm.yaml", WARM));
    ModelSpec model =
        warm.models().stream().filter(m -> m.name().equals("PreTrain")).findFirst().orElseThrow();

    TrainSiamese second = TrainSiamese.of(model, warm.data(), warm.seed(), 2, 1);

    assertThat(second.inputs()).containsOnlyKeys("pairs", "previous");
    assertThat(second.previous().orElseThrow().inputs()).containsOnlyKeys("pairs", "tail", "body");
    assertThat(
            sameBits(
                weights(second).part("tail"),
                weights(second.previous().orElseThrow()).part("tail")))
        .as("the tail stays frozen")
        .isTrue();
  }

  @Test
  void run_pretrainedBody_learnsOn() {
    TrainSiamese training = training("PreTrain");

    Weights pretrained = weights(training.pretrainedBody().orElseThrow());

    assertThat(sameBits(weights(training).part("body"), pretrained.part("body"))).isFalse();
  }

  @Test
  void run_twice_givesTheSameBytes() {
    TrainSiamese training = training("PreTrainRandom");

    assertThat(new StageOutputs().bytes(training, LearningColumns.WEIGHTS))
        .isEqualTo(OUTPUTS.bytes(training, LearningColumns.WEIGHTS));
  }

  @Test
  void run_curves_haveEveryEpochOfBothSplits() {
    Table curves = ArrowFiles.decode(OUTPUTS.bytes(training("PreTrain"), LearningColumns.CURVES));

    assertThat(curves.strings("split")).containsOnly("train", "validation");
    assertThat(curves.ints("epoch")).containsOnly(1, 2, 3);
    assertThat(curves.strings("metric")).containsOnly("loss", "accuracy", "digit_accuracy");
  }

  /** Everything that the key holds beside the digests of the inputs, and no more. */
  @Test
  void describe_tellsEveryParameterAndSeed() {
    Map<String, String> described = new TreeMap<>();

    training("PreTrainRandom").describe(new Recording(described));

    assertThat(described.keySet())
        .containsExactly(
            "body.0",
            "body.1",
            "body.2",
            "body.3",
            "body.4",
            "body.layers",
            "branches",
            "head",
            "image",
            "loss.digit",
            "loss.digit-losses",
            "loss.mix",
            "loss.target",
            "seed augmentation",
            "seed coin",
            "seed dropout",
            "seed initialisation",
            "seed shuffle",
            "tail.0",
            "tail.1",
            "tail.2",
            "tail.3",
            "tail.frozen",
            "tail.layers",
            "training.adam.beta1",
            "training.adam.beta2",
            "training.adam.epsilon",
            "training.adam.learning-rate",
            "training.augment.pairing",
            "training.augment.shift",
            "training.batch",
            "training.epochs",
            "training.schedule.every",
            "training.schedule.factor",
            "training.schedule.optimizer",
            "training.shuffle",
            "training.standardize");
    assertThat(described)
        .containsEntry("loss.mix", "COIN")
        .containsEntry("head", "ARGMAX")
        .containsEntry("tail.frozen", "true")
        .containsEntry("training.epochs", "3");
  }

  @Test
  void describe_seedsOfOtherRounds_differ() {
    Map<String, String> first = new TreeMap<>();
    Map<String, String> second = new TreeMap<>();
    ModelSpec model = TINY.models().get(0);

    training(model, 1).describe(new Recording(first));
    training(model, 2).describe(new Recording(second));

    assertThat(first.keySet()).isEqualTo(second.keySet());
    for (Map.Entry<String, String> entry : first.entrySet()) {
      boolean seed = entry.getKey().startsWith("seed ");
      assertThat(entry.getValue().equals(second.get(entry.getKey()))).isNotEqualTo(seed);
    }
    assertThat(first.values().stream().filter(value -> value.length() == 64))
        .doesNotHaveDuplicates();
  }

  private static TrainSiamese training(ModelSpec model, int round) {
    return TrainSiamese.of(model, TINY.data(), TINY.seed(), round, 1);
  }

  private static TrainSiamese training(String model) {
    ModelSpec spec =
        TINY.models().stream().filter(m -> m.name().equals(model)).findFirst().orElseThrow();
    return training(spec, 1);
  }

  private static Weights weights(Stage stage) {
    return Safetensors.decode(OUTPUTS.bytes(stage, LearningColumns.WEIGHTS));
  }

  /** Writes down what it is told. */
  private record Recording(Map<String, String> told) implements Stage.Description {
    @Override
    public void parameter(String path, String value) {
      told.put(path, value);
    }

    @Override
    public void parameter(String path, long value) {
      told.put(path, Long.toString(value));
    }

    @Override
    public void parameter(String path, double value) {
      told.put(path, Double.toString(value));
    }

    @Override
    public void parameter(String path, boolean value) {
      told.put(path, Boolean.toString(value));
    }

    @Override
    public void seed(String stream, Seed seed) {
      told.put("seed " + stream, seed.hex());
    }
  }
}
