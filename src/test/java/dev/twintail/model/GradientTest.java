package dev.twintail.model;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer, head and loss against central differences taken in double precision. */
class GradientTest {
  /** The engine's single precision: at the worst place it is 7e-8 off on x86-64. */
  private static final double TOLERANCE = 5e-7;

  private static final int PAIRS = 7;
  private static final int[] ORDER = {0, 1, 2, 3, 4, 5, 6};
  private static final Seed DROPOUT = seed("dropout");

  @BeforeAll
  static void prepare() {
    NativeEnvironment.prepare();
  }

  static List<Vocabulary> words() {
    return Vocabulary.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void backward_whileLearning_equalsCentralDifferences(Vocabulary word) {
    check(word, Set.of(), new Mode.LearningMode(new Draws(DROPOUT)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void backward_throughAFrozenTail_equalsCentralDifferences(Vocabulary word) {
    check(word, Set.of(NetworkPart.TAIL), new Mode.LearningMode(new Draws(DROPOUT)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void forward_inEvaluation_equalsTheReference(Vocabulary word) {
    Examples examples = examples(PAIRS, word.network().input().size());
    Weights weights = scattered(word.network());
    ReferenceNetwork reference = new ReferenceNetwork(word.network(), weights);
    try (Network network = new Network(word.network(), PAIRS, Set.of())) {
      network.load(weights);
      network.forward(examples, ORDER, 0, PAIRS, Mode.EVALUATION);
      assertThat(network.measure(examples, ORDER, 0, word.loss()).loss())
          .isCloseTo(reference.loss(examples, word.loss()), within(TOLERANCE));
      assertThat(sameBits(network.weights(), weights)).isTrue();
    }
  }

  private static void check(Vocabulary word, Set<NetworkPart> frozen, Mode mode) {
    Examples examples = examples(PAIRS, word.network().input().size());
    Weights weights = scattered(word.network());
    ReferenceNetwork reference = new ReferenceNetwork(word.network(), weights, frozen, DROPOUT);
    try (Network network = new Network(word.network(), PAIRS + 3, frozen)) {
      network.load(weights);
      network.forward(examples, ORDER, 0, PAIRS, mode);
      Network.Batch batch = network.measure(examples, ORDER, 0, word.loss());
      network.backward(word.loss());

      assertThat(batch.loss()).isCloseTo(reference.loss(examples, word.loss()), within(TOLERANCE));
      reference
          .running()
          .forEach(
              (name, expected) ->
                  assertThat(doubles(network.weights().require(name)))
                      .as(name)
                      .containsExactly(expected, within(TOLERANCE)));
      for (Tensor gradient : network.gradients().tensors()) {
        int stride = Math.max(1, gradient.values().length / 50);
        boolean still = frozen.contains(NetworkPart.TAIL) && gradient.name().startsWith("tail");
        for (int i = 0; i < gradient.values().length; i += stride) {
          assertThat((double) gradient.values()[i])
              .as("%s[%d]", gradient.name(), i)
              .isCloseTo(
                  still ? 0 : reference.derivative(examples, word.loss(), gradient.name(), i),
                  within(TOLERANCE));
        }
      }
    }
  }

  /** Returns initial weights whose normalisations do not begin as the identity. */
  private static Weights scattered(SiameseNetwork network) {
    Draws draws = new Draws(seed("scatter"));
    List<Tensor> tensors = new ArrayList<>();
    for (Tensor tensor :
        Initialisation.complete(network, Weights.NONE, seed("weights")).tensors()) {
      float[] values = tensor.values().clone();
      boolean normalises =
          tensor.name().contains("running")
              || (tensor.shape().size() == 1 && tensor.name().endsWith("weight"));
      for (int i = 0; normalises && i < values.length; i++) {
        values[i] += draws.symmetric(0.5f);
      }
      tensors.add(new Tensor(tensor.name(), tensor.shape(), values));
    }
    return new Weights(tensors);
  }

  private static double[] doubles(Tensor tensor) {
    double[] doubles = new double[tensor.values().length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = tensor.values()[i];
    }
    return doubles;
  }

  @Test
  void backward_tiedMaxima_firstInRowOrderTakesTheGradient() {
    // A constant image: every window is a tie. PyTorch gives the gradient to the first pixel.
    MaxPoolOp pool = new MaxPoolOp(new Shape.Image(1, 2, 4), new Shape.Image(1, 1, 2), 2, 1);
    float[] x = {3, 3, 1, 2, 3, 3, 2, 2};
    float[] y = new float[2];
    float[] dx = new float[8];
    pool.forward(x, y, 1, Mode.EVALUATION);
    pool.backward(x, y, new float[] {5, 7}, dx, true, 1);
    assertThat(y).containsExactly(3, 2);
    assertThat(dx).containsExactly(5, 0, 0, 7, 0, 0, 0, 0);
  }

  @Test
  void network_smallestCase_equalsNumbersByHand() {
    // One feature per image; body W = 0, b = (ln 3, 0), so both images give softmax (3/4, 1/4).
    // Tail: first logit is the first output of image 1, second logit 0, so again (3/4, 1/4).
    float ln3 = (float) Math.log(3);
    SiameseNetwork siamese =
        SiameseNetwork.shared(
            new Shape.Vector(1), layers(linear(1, 2)), Head.LOGITS, layers(linear(4, 2)));
    Weights weights =
        new Weights(
            List.of(
                new Tensor("body.0.weight", List.of(2, 1), new float[] {0, 0}),
                new Tensor("body.0.bias", List.of(2), new float[] {ln3, 0}),
                new Tensor("tail.0.weight", List.of(2, 4), new float[] {1, 0, 0, 0, 0, 0, 0, 0}),
                new Tensor("tail.0.bias", List.of(2), new float[] {0, 0})));
    Examples pair = new Examples(1, new float[] {1, 2}, new int[] {0, 1}, new int[] {1});
    try (Network network = new Network(siamese, 1, Set.of())) {
      network.load(weights);
      network.forward(pair, new int[] {0}, 0, 1, Mode.EVALUATION);
      Network.Batch batch = network.measure(pair, new int[] {0}, 0, Loss.sum(1, 0.5));
      network.backward(Loss.sum(1, 0.5));

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
      Optimizer.Adam adam = new Optimizer.Adam(0.01, 0.9, 0.999, 1e-8);
      network.step(adam, adam.learningRate());
      network.step(adam, adam.learningRate());
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
