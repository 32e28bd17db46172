package dev.twintail.model;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.model.Trainer.Trained;
import dev.twintail.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every word a training can use. */
class VocabularyTest {
  private static final Examples TRAIN = GradientTest.examples(18, 84);
  private static final Examples VALIDATION = GradientTest.examples(5, 84);

  private final Trainer trainer = new BlasTrainer();

  static List<Vocabulary> words() {
    return Vocabulary.all();
  }

  @Test
  void train_everyWordSideBySide_givesTheBitsOfATrainingAlone() throws Exception {
    List<Trained> alone = new ArrayList<>();
    for (Vocabulary word : words()) {
      alone.add(train(word, Weights.NONE, Set.of()));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Trained>> together = new ArrayList<>();
      for (int twice = 0; twice < 2; twice++) {
        for (Vocabulary word : words()) {
          together.add(threads.submit(() -> train(word, Weights.NONE, Set.of())));
        }
      }
      for (int i = 0; i < together.size(); i++) {
        Trained expected = alone.get(i % alone.size());
        Trained actual = together.get(i).get();
        String name = words().get(i % alone.size()).name();
        assertThat(sameBits(actual.weights(), expected.weights())).as(name).isTrue();
        assertThat(actual.curves()).as(name).isEqualTo(expected.curves());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void parameters_equalTheTensorsThatAreTrained(Vocabulary word) {
    int trained =
        Initialisation.complete(word.network(), Weights.NONE, seed("start")).tensors().stream()
            .filter(t -> !t.name().contains("running"))
            .mapToInt(t -> t.values().length)
            .sum();
    assertThat(word.network().parameters()).isEqualTo(trained);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void train_frozenBody_keepsAllItsTensors(Vocabulary word) {
    Weights start = Initialisation.complete(word.network(), Weights.NONE, seed("start"));
    Trained trained = train(word, start, Set.of(NetworkPart.BODY));
    assertThat(sameBits(trained.weights().part("body"), start.part("body"))).isTrue();
    boolean moves =
        word.network().digitHead().isPresent()
            || (word.network().head().hasTail() && word.loss().target() != 0);
    assertThat(sameBits(trained.weights(), start)).isEqualTo(!moves);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void train_noneFrozen_movesEveryTensorThatIsRead(Vocabulary word) {
    Weights start = Initialisation.complete(word.network(), Weights.NONE, seed("start"));
    Weights end = train(word, start, Set.of()).weights();
    for (Weights.Tensor before : start.tensors()) {
      // Both images pass the first body's convolution; the accident leaves the second unread.
      boolean dead =
          word.name().equals("shared by accident") && before.name().startsWith("body2.2");
      assertThat(Arrays.equals(end.require(before.name()).values(), before.values()))
          .as(before.name())
          .isEqualTo(dead);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void predict_agreesWithTheCurveOfTheLastEpoch(Vocabulary word) {
    Trained trained = train(word, Weights.NONE, Set.of());
    Trainer.Predictions predictions =
        trainer.predict(word.network(), trained.weights(), VALIDATION);
    int correct = 0;
    for (int i = 0; i < VALIDATION.size(); i++) {
      correct += predictions.targets()[i] == VALIDATION.targets()[i] ? 1 : 0;
      if (predictions.probabilities() != null) {
        float probability = predictions.probabilities()[i];
        assertThat(probability).isBetween(0f, 1f);
        assertThat(predictions.targets()[i]).isEqualTo(probability > 0.5f ? 1 : 0);
      }
    }
    assertThat(last(trained, "accuracy")).isEqualTo((double) correct / VALIDATION.size());
    assertThat(predictions.digits() != null).isEqualTo(word.network().readsDigits());
    if (predictions.digits() != null) {
      int right = 0;
      for (int i = 0; i < predictions.digits().length; i++) {
        right += predictions.digits()[i] == VALIDATION.digits()[i] ? 1 : 0;
      }
      assertThat(last(trained, "digit_accuracy"))
          .isEqualTo((double) right / predictions.digits().length);
    }
  }

  private static double last(Trained trained, String metric) {
    return trained.curves().stream()
        .filter(p -> p.split().equals("validation") && p.metric().equals(metric))
        .reduce((a, b) -> b)
        .orElseThrow()
        .value();
  }

  private Trained train(Vocabulary word, Weights initial, Set<NetworkPart> frozen) {
    return trainer.train(
        new Trainer.Task(
            word.network(),
            word.loss(),
            word.training(),
            initial,
            frozen,
            TRAIN,
            VALIDATION,
            new Trainer.Seeds(
                seed("init"),
                seed("shuffle"),
                seed("coin"),
                seed("dropout"),
                seed("augmentation"))));
  }

  private static Seed seed(String stream) {
    return GradientTest.seed(stream);
  }
}
