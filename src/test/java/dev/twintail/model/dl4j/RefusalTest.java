package dev.twintail.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.ModelZoo;
import dev.twintail.model.Trainer;
import dev.twintail.model.Vocabulary;
import dev.twintail.model.Weights;
import dev.twintail.network.Optimizer;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The second engine trains a network as the first does, or says in a line why it does not. */
class RefusalTest {
  private static final Trainer ONE = new BlasTrainer();
  private static final Trainer OTHER = new Dl4jTrainer();

  static List<Vocabulary> words() {
    return Vocabulary.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void train_everyWord_agreesOrIsRefused(Vocabulary word) {
    assertThat(ONE.refusal(word.network(), word.loss(), word.training())).isEmpty();
    Trainer.Task task = task(word);
    Optional<String> refusal = OTHER.refusal(word.network(), word.loss(), word.training());
    if (refusal.isPresent()) {
      assertThat(refusal.get()).startsWith("Engine dl4j lacks ").doesNotContain("\n");
      assertThatThrownBy(() -> OTHER.train(task)).hasMessage(refusal.get());
      return;
    }
    Weights expected = ONE.train(task).weights();
    Weights actual = OTHER.train(task).weights();
    assertThat(actual.tensors()).hasSameSizeAs(expected.tensors());
    for (Weights.Tensor tensor : expected.tensors()) {
      assertThat(actual.require(tensor.name()).values())
          .as(tensor.name())
          .containsExactly(tensor.values(), within(1e-4f));
    }
  }

  @Test
  void refusal_oldWords_areTrained() {
    assertThat(
            words().stream()
                .filter(w -> OTHER.refusal(w.network(), w.loss(), w.training()).isEmpty())
                .map(Vocabulary::name))
        .containsExactly(
            "linear",
            "conv",
            "max-pool with cut edges",
            "max-pool 3",
            "tied",
            "softmax",
            "argmax",
            "arithmetic",
            "pixels, tied tail",
            "coin");
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
        word.training(),
        Weights.NONE,
        Set.of(),
        new Examples(84, images, digits, targets),
        new Examples(84, new float[0], new int[0], new int[0]),
        new Trainer.Seeds(
            seed("initialisation"),
            seed("shuffle"),
            seed("coin"),
            seed("dropout"),
            seed("augmentation")));
  }

  private static Seed seed(String stream) {
    return Seed.derive(5, "test", stream, 1);
  }
}
