package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
import dev.twintail.model.Weights.Tensor;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer, head and loss against central differences taken in double precision. */
class GradientTest {
  private static final int PAIRS = 7;
  private static final Layer RELU = new Layer.Relu();
  private static final Shape SMALL = new Shape.Image(2, 7, 6);
  private static final LayerList NOTHING = new LayerList(List.of());
  private static final LayerList TAIL = layers(linear(20, 9), RELU, linear(9, 2));
  private static final LayerList LINEAR_BODY = layers(new Layer.Flatten(), linear(84, 10));
  private static final LayerList CONV_BODY =
      layers(new Layer.Conv(2, 3, 3, 0), RELU, new Layer.Flatten(), linear(60, 10));
  private static final LayerList POOL_BODY =
      layers(
          new Layer.Conv(2, 4, 2, 0),
          new Layer.MaxPool(2),
          RELU,
          new Layer.Conv(4, 5, 2, 0),
          new Layer.Flatten(),
          linear(10, 10));
  private static final LayerList POOL3_BODY =
      layers(new Layer.Conv(2, 4, 1, 0), new Layer.MaxPool(3), new Layer.Flatten(), linear(16, 10));
  private static final LayerList TIED_BODY =
      layers(
          new Layer.Flatten(),
          linear(84, 6),
          RELU,
          new Layer.Tied(3, List.of(linear(6, 6), RELU)),
          linear(6, 10));

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("linear, digit loss", LINEAR_BODY, Head.ARITHMETIC, NOTHING, 0.0, 1.0),
        Arguments.of("conv, digit loss", CONV_BODY, Head.ARITHMETIC, NOTHING, 0.0, 1.0),
        Arguments.of("max-pool 2 with cut edges", POOL_BODY, Head.ARITHMETIC, NOTHING, 0.0, 1.0),
        Arguments.of("max-pool 3", POOL3_BODY, Head.ARITHMETIC, NOTHING, 0.0, 1.0),
        Arguments.of("tied, digit loss", TIED_BODY, Head.ARITHMETIC, NOTHING, 0.0, 1.0),
        Arguments.of("logits, target loss", CONV_BODY, Head.LOGITS, TAIL, 1.0, 0.0),
        Arguments.of("logits, both losses", POOL_BODY, Head.LOGITS, TAIL, 1.0, 0.6),
        Arguments.of("softmax, target loss", CONV_BODY, Head.SOFTMAX, TAIL, 1.0, 0.0),
        Arguments.of("softmax, both losses", TIED_BODY, Head.SOFTMAX, TAIL, 0.7, 0.3),
        Arguments.of("argmax, both losses", CONV_BODY, Head.ARGMAX, TAIL, 1.0, 0.5),
        Arguments.of(
            "no body, tied tail",
            layers(new Layer.Flatten()),
            Head.LOGITS,
            layers(
                linear(168, 8), RELU, new Layer.Tied(2, List.of(linear(8, 8), RELU)), linear(8, 2)),
            1.0,
            0.0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void backward_equalsCentralDifferences(
      String name, LayerList body, Head head, LayerList tail, double target, double digit) {
    Siamese siamese = Siamese.shared(SMALL, body, head, tail);
    Examples examples = examples(PAIRS, SMALL.size());
    Weights weights = Initialisation.complete(siamese, Weights.NONE, seed("weights"));
    ReferenceNetwork reference = new ReferenceNetwork(siamese, weights);
    try (Network network = new Network(siamese, PAIRS)) {
      network.load(weights);
      int[] order = {0, 1, 2, 3, 4, 5, 6};
      network.forward(examples, order, 0, PAIRS);
      Network.Batch batch = network.measure(examples, order, 0, target, digit);
      network.backward(target, digit, true, true);

      assertThat(batch.loss()).isCloseTo(reference.loss(examples, target, digit), within(1e-6));
      for (Tensor gradient : network.gradients().tensors()) {
        int stride = Math.max(1, gradient.values().length / 50);
        for (int i = 0; i < gradient.values().length; i += stride) {
          assertThat((double) gradient.values()[i])
              .as("%s[%d]", gradient.name(), i)
              .isCloseTo(
                  reference.derivative(examples, target, digit, gradient.name(), i), within(2e-6));
        }
      }
    }
  }

  @Test
  void backward_tiedMaxima_firstInRowOrderTakesTheGradient() {
    // A constant image: every window is a tie. PyTorch gives the gradient to the first pixel.
    MaxPoolOp pool = new MaxPoolOp(new Shape.Image(1, 2, 4), new Shape.Image(1, 1, 2), 2, 1);
    float[] x = {3, 3, 1, 2, 3, 3, 2, 2};
    float[] y = new float[2];
    float[] dx = new float[8];
    pool.forward(x, y, 1);
    pool.backward(x, y, new float[] {5, 7}, dx, true, 1);
    assertThat(y).containsExactly(3, 2);
    assertThat(dx).containsExactly(5, 0, 0, 7, 0, 0, 0, 0);
  }

  @Test
  void network_smallestCase_equalsNumbersByHand() {
    // One feature per image; body W = 0, b = (ln 3, 0), so both images give softmax (3/4, 1/4).
    // Tail: first logit is the first output of image 1, second logit 0, so again (3/4, 1/4).
    float ln3 = (float) Math.log(3);
    Siamese siamese =
        Siamese.shared(
            new Shape.Vector(1), layers(linear(1, 2)), Head.LOGITS, layers(linear(4, 2)));
    Weights weights =
        new Weights(
            List.of(
                new Tensor("body.0.weight", List.of(2, 1), new float[] {0, 0}),
                new Tensor("body.0.bias", List.of(2), new float[] {ln3, 0}),
                new Tensor("tail.0.weight", List.of(2, 4), new float[] {1, 0, 0, 0, 0, 0, 0, 0}),
                new Tensor("tail.0.bias", List.of(2), new float[] {0, 0})));
    Examples pair = new Examples(1, new float[] {1, 2}, new int[] {0, 1}, new int[] {1});
    try (Network network = new Network(siamese, 1)) {
      network.load(weights);
      network.forward(pair, new int[] {0}, 0, 1);
      Network.Batch batch = network.measure(pair, new int[] {0}, 0, 1.0, 0.5);
      network.backward(1.0, 0.5, true, true);

      // ln 4 for the target (probability 1/4), and half the mean of −ln 3/4 and −ln 1/4.
      assertThat(batch.loss())
          .isCloseTo(Math.log(4) + 0.5 * (-Math.log(0.75) - Math.log(0.25)) / 2, within(1e-6));
      // d logits = (3/4, 1/4 − 1); d output 1 = (3/4, 0) + 1/4·(3/4 − 1, 1/4) = (0.6875, 0.0625);
      // d output 2 = 1/4·(3/4, 1/4 − 1) = (0.1875, −0.1875); weights see the pixels 1 and 2.
      Weights gradients = network.gradients();
      assertClose(gradients, "tail.0.bias", 0.75f, -0.75f);
      assertClose(
          gradients,
          "tail.0.weight",
          0.75f * ln3,
          0,
          0.75f * ln3,
          0,
          -0.75f * ln3,
          0,
          -0.75f * ln3,
          0);
      assertClose(gradients, "body.0.bias", 0.875f, -0.125f);
      assertClose(gradients, "body.0.weight", 1.0625f, -0.3125f);

      // Adam's first step is rate · g/(|g| + ε), its second with the same gradient as well.
      Training.Adam adam = new Training.Adam(0.01, 0.9, 0.999, 1e-8);
      network.step(adam);
      network.step(adam);
      assertClose(network.weights(), "body.0.bias", ln3 - 0.02f, 0.02f);
      assertClose(network.weights(), "body.0.weight", -0.02f, 0.02f);
    }
  }

  private static void assertClose(Weights weights, String name, float... expected) {
    assertThat(weights.require(name).values())
        .as(name)
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(expected);
  }

  static Examples examples(int pairs, int features) {
    Draws draws = new Draws(seed("examples"));
    float[] images = new float[2 * pairs * features];
    for (int i = 0; i < images.length; i++) {
      images[i] = draws.symmetric(2);
    }
    int[] digits = new int[2 * pairs];
    int[] targets = new int[pairs];
    for (int i = 0; i < digits.length; i++) {
      digits[i] = draws.below(10);
    }
    for (int i = 0; i < pairs; i++) {
      targets[i] = digits[2 * i] <= digits[2 * i + 1] ? 1 : 0;
    }
    return new Examples(features, images, digits, targets);
  }

  static Seed seed(String stream) {
    return Seed.derive(1, "test", stream, 1);
  }

  static LayerList layers(Layer... layers) {
    return new LayerList(List.of(layers));
  }

  static Layer linear(int in, int out) {
    return new Layer.Linear(in, out);
  }
}
