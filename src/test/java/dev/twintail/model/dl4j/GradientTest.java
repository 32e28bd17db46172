package dev.twintail.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.Examples;
import dev.twintail.model.Initialisation;
import dev.twintail.model.Vocabulary;
import dev.twintail.model.Weights;
import dev.twintail.network.Loss;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The gradient of every word against central differences, in double precision. */
class GradientTest {
  private static final int PAIRS = 5;

  static List<Vocabulary> words() {
    return Vocabulary.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void backward_whileLearning_equalsCentralDifferences(Vocabulary word) {
    check(word, true);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void backward_inEvaluation_equalsCentralDifferences(Vocabulary word) {
    check(word, false);
  }

  private static void check(Vocabulary word, boolean learning) {
    Weights weights = scattered(word);
    Pairs pairs = Pairs.inOrder(examples(), PAIRS).get(0);
    Loss loss = sum(word.loss());
    try (Twins twins = new Twins(word.network(), weights, Set.of(), DataType.DOUBLE)) {
      twins.backward(twins.forward(pairs, dropout(learning)), pairs, loss);
      assertThat(twins.parameters().reached()).isNotEmpty();
      for (String name : twins.parameters().reached()) {
        double[] gradient = twins.parameters().gradient(name);
        float[] values = weights.require(name).values();
        for (int i = 0; i < gradient.length; i += 1 + gradient.length / 8) {
          float value = values[i];
          float up = value + 0x1p-14f;
          float down = value - 0x1p-14f;
          values[i] = up;
          double high = loss(word, weights, pairs, loss, learning);
          values[i] = down;
          double low = loss(word, weights, pairs, loss, learning);
          values[i] = value;
          assertThat(gradient[i])
              .as("%s[%d]", name, i)
              .isCloseTo((high - low) / ((double) up - down), within(1e-6));
        }
      }
    }
  }

  private static double loss(
      Vocabulary word, Weights weights, Pairs pairs, Loss loss, boolean learning) {
    try (Twins twins = new Twins(word.network(), weights, Set.of(), DataType.DOUBLE)) {
      return twins.forward(pairs, dropout(learning)).loss(pairs, loss);
    }
  }

  private static Draws dropout(boolean learning) {
    return learning ? new Draws(seed("dropout")) : null;
  }

  private static Loss sum(Loss loss) {
    return new Loss(loss.target(), loss.digit(), Loss.Mix.SUM, loss.digitLosses());
  }

  /** Returns initial weights whose normalisations do not begin as the identity. */
  private static Weights scattered(Vocabulary word) {
    Weights weights = Initialisation.complete(word.network(), Weights.NONE, seed("initialisation"));
    Draws draws = new Draws(seed("scatter"));
    for (Weights.Tensor tensor : weights.tensors()) {
      boolean normalises =
          tensor.name().contains("running")
              || (tensor.shape().size() == 1 && tensor.name().endsWith("weight"));
      for (int i = 0; normalises && i < tensor.values().length; i++) {
        tensor.values()[i] += draws.symmetric(0.5f);
      }
    }
    return weights;
  }

  private static Examples examples() {
    Draws draws = new Draws(seed("images"));
    float[] images = new float[2 * PAIRS * 84];
    for (int i = 0; i < images.length; i++) {
      images[i] = draws.symmetric(2);
    }
    return new Examples(
        84, images, new int[] {3, 9, 1, 1, 0, 7, 8, 2, 5, 4}, new int[] {1, 1, 1, 0, 0});
  }

  private static Seed seed(String stream) {
    return Seed.derive(7, "test", stream, 1);
  }
}
