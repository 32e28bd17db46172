package dev.twintail.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.Examples;
import dev.twintail.model.Initialisation;
import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.model.Weights;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

class TwinsTest {
  private static final Seed SEED = Seed.derive(1, "test", "twins", 1);
  private static final LayerList IDENTITY = new LayerList(List.of());

  @ParameterizedTest
  @CsvSource({
    "LOGITS, 2.0",
    "SOFTMAX, 0.7310585786300049",
    "ARGMAX, 1.0",
  })
  void head_feedsTheTail_image1ThenImage2(Head head, double first) {
    // The tail passes on the first score of image 1 and the second of image 2.
    float[] pick = {1, 0, 0, 0, 0, 0, 0, 1};
    SiameseNetwork network =
        SiameseNetwork.shared(new Shape.Vector(2), IDENTITY, head, list(new Layer.Linear(4, 2)));
    Weights weights =
        new Weights(
            List.of(
                new Weights.Tensor("tail.0.weight", List.of(2, 4), pick),
                new Weights.Tensor("tail.0.bias", List.of(2), new float[2])));
    Examples two = new Examples(2, new float[] {0, 0, 0, 0, 2, 1, 1, 2}, new int[4], new int[2]);
    try (Twins twins = new Twins(network, weights, Set.of(), DataType.DOUBLE)) {
      Pairs second = Pairs.batches(two, new int[] {1}, 1).get(0);
      assertThat(twins.forward(second, null).comparison().scores())
          .containsExactly(new double[] {first, first}, within(1e-15));
    }
  }

  @Test
  void loss_equals_theHandComputed() {
    // Digit logits: (ln 2 at class 3, else 0) for every image; comparison logits: (0, ln 3).
    SiameseNetwork network =
        SiameseNetwork.shared(
            new Shape.Vector(1),
            list(new Layer.Linear(1, 10)),
            Head.LOGITS,
            list(new Layer.Linear(20, 2)));
    float[] digitBias = new float[10];
    digitBias[3] = (float) Math.log(2);
    Weights weights =
        new Weights(
            List.of(
                new Weights.Tensor("body.0.weight", List.of(10, 1), new float[10]),
                new Weights.Tensor("body.0.bias", List.of(10), digitBias),
                new Weights.Tensor("tail.0.weight", List.of(2, 20), new float[40]),
                new Weights.Tensor(
                    "tail.0.bias", List.of(2), new float[] {0, (float) Math.log(3)})));
    Examples examples = new Examples(1, new float[4], new int[] {3, 3, 3, 0}, new int[] {1, 0});
    double targetLoss = (Math.log(4. / 3) + Math.log(4)) / 2;
    double firstDigits = Math.log(11. / 2);
    double secondDigits = (Math.log(11. / 2) + Math.log(11)) / 2;
    try (Twins twins = new Twins(network, weights, Set.of(), DataType.DOUBLE)) {
      Pairs both = Pairs.inOrder(examples, 2).get(0);
      Twins.Outputs outputs = twins.forward(both, null);
      assertThat(outputs.loss(both, sum(0.5, 0.6)))
          .isCloseTo(0.5 * targetLoss + 0.6 * (firstDigits + secondDigits) / 2, within(1e-7));
      assertThat(outputs.loss(both, sum(1, 0))).isCloseTo(targetLoss, within(1e-7));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LOGITS, 1, 0.6",
    "LOGITS, 1, 0",
    "SOFTMAX, 1, 0.6",
    "SOFTMAX, 1, 0",
    "ARGMAX, 1, 0.6",
    "ARITHMETIC, 0, 1",
  })
  void gradient_equals_centralDifferences(Head head, double target, double digit) {
    SiameseNetwork network = small(head);
    Weights weights = Initialisation.complete(network, Weights.NONE, SEED);
    Pairs pairs = pairs();
    try (Twins twins = new Twins(network, weights, Set.of(), DataType.DOUBLE)) {
      Twins.Outputs outputs = twins.forward(pairs, null);
      twins.backward(outputs, pairs, sum(target, digit));
      for (Weights.Tensor tensor : weights.tensors()) {
        double[] gradient = twins.parameters().gradient(tensor.name());
        for (int i = 0; i < gradient.length; i += 1 + gradient.length / 12) {
          float value = tensor.values()[i];
          float up = value + 0x1p-14f;
          float down = value - 0x1p-14f;
          tensor.values()[i] = up;
          double high = loss(network, weights, pairs, target, digit);
          tensor.values()[i] = down;
          double low = loss(network, weights, pairs, target, digit);
          tensor.values()[i] = value;
          assertThat(gradient[i])
              .as("%s[%d]", tensor.name(), i)
              .isCloseTo((high - low) / ((double) up - down), within(1e-7));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} target {1} digit {2} frozen {3}: {4}")
  @CsvSource({
    "LOGITS, 1, 0, '', BODY TAIL",
    "LOGITS, 0, 1, '', BODY",
    "LOGITS, 1, 0, TAIL, BODY",
    "SOFTMAX, 1, 0, TAIL, BODY",
    "SOFTMAX, 1, 1, BODY, TAIL",
    "ARGMAX, 1, 0, '', TAIL",
    "ARGMAX, 1, 1, '', BODY TAIL",
    "ARGMAX, 1, 0, TAIL, ''",
    "ARGMAX, 1, 1, TAIL, BODY",
    "ARITHMETIC, 0, 1, '', BODY",
    "LOGITS, 0, 0, '', ''",
  })
  void backward_reaches_onlyWhatALossDependsOn(
      Head head, double target, double digit, String frozen, String expected) {
    SiameseNetwork network = small(head);
    Weights weights = Initialisation.complete(network, Weights.NONE, SEED);
    Pairs pairs = pairs();
    Set<NetworkPart> still = frozen.isEmpty() ? Set.of() : Set.of(NetworkPart.valueOf(frozen));
    try (Twins twins = new Twins(network, weights, still, DataType.FLOAT)) {
      twins.backward(twins.forward(pairs, null), pairs, sum(target, digit));
      Set<String> reached = new TreeSet<>();
      twins
          .parameters()
          .reached()
          .forEach(name -> reached.add(name.substring(0, 4).toUpperCase(Locale.ROOT)));
      assertThat(String.join(" ", reached)).isEqualTo(expected);
    }
  }

  @Test
  void network_withoutATensor_isRefused() {
    assertThatThrownBy(() -> new Twins(small(Head.LOGITS), Weights.NONE, Set.of(), DataType.FLOAT))
        .hasMessageContaining("Missing tensor body.0.weight");
  }

  private static double loss(
      SiameseNetwork network, Weights weights, Pairs pairs, double target, double digit) {
    try (Twins twins = new Twins(network, weights, Set.of(), DataType.DOUBLE)) {
      return twins.forward(pairs, null).loss(pairs, sum(target, digit));
    }
  }

  private static SiameseNetwork small(Head head) {
    return SiameseNetwork.shared(
        new Shape.Image(1, 6, 6),
        list(
            new Layer.Conv(1, 3, 3, 0),
            new Layer.MaxPool(2),
            new Layer.Relu(),
            new Layer.Flatten(),
            new Layer.Linear(12, 10)),
        head,
        head == Head.ARITHMETIC
            ? IDENTITY
            : list(new Layer.Linear(20, 7), new Layer.Relu(), new Layer.Linear(7, 2)));
  }

  /** Four pairs of 6×6 noise, in another order than the examples'. */
  private static Pairs pairs() {
    Draws draws = new Draws(SEED);
    float[] images = new float[10 * 36];
    for (int i = 0; i < images.length; i++) {
      images[i] = draws.symmetric(1);
    }
    int[] digits = {3, 9, 1, 1, 0, 7, 8, 2, 5, 4};
    Examples examples = new Examples(36, images, digits, new int[] {1, 1, 1, 0, 0});
    return Pairs.batches(examples, new int[] {4, 2, 0, 3}, 4).get(0);
  }

  private static Loss sum(double target, double digit) {
    return Loss.sum(target, digit);
  }

  private static LayerList list(Layer... layers) {
    return new LayerList(List.of(layers));
  }
}
