package dev.twintail.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Initialisation;
import dev.twintail.model.ModelZoo;
import dev.twintail.model.Trainer;
import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.model.Weights;
import dev.twintail.network.Optimizer;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Seed;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two engines that share no arithmetic but BLAS agree on every model to rounding errors. */
class EngineParityTest {
  private static final Trainer ONE = new BlasTrainer();
  private static final Trainer OTHER = new Dl4jTrainer();
  private static final Trainer.Seeds SEEDS =
      new Trainer.Seeds(
          seed("initialisation"),
          seed("shuffle"),
          seed("coin"),
          seed("dropout"),
          seed("augmentation"));

  /** An epsilon large beside rounding errors: Adam divides by gradients, however small. */
  private static final Optimizer.Adam ADAM = new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-4);

  @ParameterizedTest
  @EnumSource
  void train_aFewSteps_agrees(ModelZoo model) {
    compare(model, Weights.NONE, Set.of());
  }

  @ParameterizedTest
  @EnumSource(names = {"CONV_SOFT_MAX", "PRE_TRAIN", "PRE_TRAIN_RANDOM"})
  void train_frozenTail_agrees(ModelZoo model) {
    Weights start = Initialisation.complete(model.network(), Weights.NONE, seed("other"));
    compare(model, start.part("tail"), Set.of(NetworkPart.TAIL));
  }

  private static void compare(ModelZoo model, Weights initial, Set<NetworkPart> frozen) {
    Examples train = ModelZoo.images(27, seed("train"));
    Examples validation = ModelZoo.images(30, seed("validation"));
    Trainer.Task task =
        new Trainer.Task(
            model.network(),
            model.loss(),
            TrainingConfig.plain(3, 8, true, false, ADAM),
            initial,
            frozen,
            train,
            validation,
            SEEDS);
    Trainer.Trained a = ONE.train(task);
    Trainer.Trained b = OTHER.train(task);

    assertThat(b.curves()).hasSameSizeAs(a.curves());
    for (int i = 0; i < a.curves().size(); i++) {
      Trainer.HistoryPoint expected = a.curves().get(i);
      Trainer.HistoryPoint actual = b.curves().get(i);
      assertThat(actual.epoch() + actual.split() + actual.metric())
          .isEqualTo(expected.epoch() + expected.split() + expected.metric());
      assertThat(actual.value()).as("%s", actual).isCloseTo(expected.value(), within(1e-4));
    }
    assertThat(b.weights().tensors()).hasSameSizeAs(a.weights().tensors());
    for (Weights.Tensor expected : a.weights().tensors()) {
      Weights.Tensor actual = b.weights().find(expected.name()).orElseThrow();
      assertThat(actual.shape()).isEqualTo(expected.shape());
      assertThat(actual.values())
          .as(expected.name())
          .containsExactly(expected.values(), within(1e-5f));
    }

    Trainer.Predictions first = ONE.predict(model.network(), a.weights(), validation);
    Trainer.Predictions second = OTHER.predict(model.network(), a.weights(), validation);
    assertThat(second.targets()).isEqualTo(first.targets());
    assertThat(second.digits()).isEqualTo(first.digits());
    if (first.probabilities() == null) {
      assertThat(second.probabilities()).isNull();
    } else {
      assertThat(second.probabilities()).containsExactly(first.probabilities(), within(1e-5f));
    }
  }

  private static Seed seed(String stream) {
    return Seed.derive(5, "test", stream, 1);
  }
}
