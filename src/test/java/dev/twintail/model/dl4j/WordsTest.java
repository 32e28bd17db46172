package dev.twintail.model.dl4j;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Initialisation;
import dev.twintail.model.ModelZoo;
import dev.twintail.model.Trainer;
import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.model.Vocabulary;
import dev.twintail.model.Weights;
import dev.twintail.network.Optimizer;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The second engine trains a network as the first does, word by word. */
class WordsTest {
  private static final Trainer ONE = new BlasTrainer();
  private static final Trainer OTHER = new Dl4jTrainer();

  static List<Vocabulary> words() {
    return Vocabulary.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void train_everyWord_agrees(Vocabulary word) {
    assertThat(ONE.refusal(word.network(), word.loss(), word.training())).isEmpty();
    Trainer.Task task = task(word);
    assertThat(OTHER.refusal(word.network(), word.loss(), word.training())).isEmpty();
    Weights expected = ONE.train(task).weights();
    assertPredictsAlike(word, expected);
    Weights actual = OTHER.train(task).weights();
    assertThat(actual.tensors()).hasSameSizeAs(expected.tensors());
    for (Weights.Tensor tensor : expected.tensors()) {
      assertThat(actual.require(tensor.name()).values())
          .as(tensor.name())
          .containsExactly(tensor.values(), within(1e-4f));
    }
  }

  private static void assertPredictsAlike(Vocabulary word, Weights weights) {
    Examples examples = task(word).train();
    Trainer.Predictions expected = ONE.predict(word.network(), weights, examples);
    Trainer.Predictions actual = OTHER.predict(word.network(), weights, examples);
    assertThat(actual.targets()).isEqualTo(expected.targets());
    assertThat(actual.digits()).isEqualTo(expected.digits());
    if (expected.probabilities() == null) {
      assertThat(actual.probabilities()).isNull();
    } else {
      assertThat(actual.probabilities()).containsExactly(expected.probabilities(), within(1e-5f));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void train_frozenBody_keepsAllItsTensors(Vocabulary word) {
    Weights start = Initialisation.complete(word.network(), Weights.NONE, seed("start"));
    Weights end = OTHER.train(task(word, start, Set.of(NetworkPart.BODY))).weights();
    assertThat(sameBits(end.part("body"), start.part("body"))).isTrue();
    for (Weights.Tensor tensor :
        ONE.train(task(word, start, Set.of(NetworkPart.BODY))).weights().tensors()) {
      assertThat(end.require(tensor.name()).values())
          .as(tensor.name())
          .containsExactly(tensor.values(), within(1e-4f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusal_modelsOfTheMainReport_areTrainedByBoth(ModelZoo model) {
    TrainingConfig training =
        TrainingConfig.plain(1, 8, true, false, new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8));
    assertThat(ONE.refusal(model.network(), model.loss(), training)).isEmpty();
    assertThat(OTHER.refusal(model.network(), model.loss(), training)).isEmpty();
  }

  private static Trainer.Task task(Vocabulary word) {
    return task(word, Weights.NONE, Set.of());
  }

  private static Trainer.Task task(Vocabulary word, Weights initial, Set<NetworkPart> frozen) {
    Draws draws = new Draws(seed("images"));
    float[] images = new float[2 * 10 * 84];
    for (int i = 0; i < images.length; i++) {
      images[i] = draws.symmetric(2);
    }
    int[] digits = new int[20];
    int[] targets = new int[10];
    for (int i = 0; i < 20; i++) {
      digits[i] = draws.below(10);
    }
    for (int i = 0; i < 10; i++) {
      targets[i] = digits[2 * i] <= digits[2 * i + 1] ? 1 : 0;
    }
    return new Trainer.Task(
        word.network(),
        word.loss(),
        steady(word.training()),
        initial,
        frozen,
        new Examples(84, images, digits, targets),
        new Examples(84, new float[0], new int[0], new int[0]),
        new Trainer.Seeds(
            seed("initialisation"),
            seed("shuffle"),
            seed("coin"),
            seed("dropout"),
            seed("augmentation")));
  }

  /**
   * Returns the training with an epsilon that is large beside rounding errors, which are all the
   * gradient that a bias has before a normalisation: Adam divides by it.
   */
  private static TrainingConfig steady(TrainingConfig training) {
    if (!(training.optimizer() instanceof Optimizer.Adam adam)) {
      return training;
    }
    return new TrainingConfig(
        training.epochs(),
        training.batch(),
        training.shuffle(),
        training.standardize(),
        new Optimizer.Adam(adam.learningRate(), adam.beta1(), adam.beta2(), 1e-2),
        training.schedule(),
        training.augment());
  }

  private static Seed seed(String stream) {
    return Seed.derive(5, "test", stream, 1);
  }
}
