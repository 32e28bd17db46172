package dev.twintail.model;

import static dev.twintail.model.GradientTest.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Branches;
import dev.twintail.network.DigitRelation;
import dev.twintail.network.Head;
import dev.twintail.network.Loss;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Losses and predictions of networks whose logits are written down in their biases. */
class ComparisonLossTest {
  private static final double LN3 = Math.log(3);

  @Test
  void binaryCrossEntropy_oneLogit_isMinusLogOfTheSigmoid() {
    // σ(ln 3) = 3/4; the two pairs' targets are 1 and 0.
    try (Network network = oneLogit((float) LN3)) {
      Examples pairs = pairs(new int[] {1, 2, 2, 1});
      Network.Batch batch = pass(network, pairs, Loss.sum(1, 0));
      assertThat(batch.loss()).isCloseTo(-(Math.log(0.75) + Math.log(0.25)) / 2, within(1e-6));
      assertThat(batch.correct()).isEqualTo(1);
      assertThat(network.probability(0)).isCloseTo(0.75f, within(1e-6f));
      // The mean of 3/4 − 1 and 3/4 − 0.
      network.backward(Loss.sum(1, 0));
      assertThat(network.gradients().require("tail.0.bias").values()[0])
          .isCloseTo(0.25f, within(1e-6f));
    }
  }

  @Test
  void binaryCrossEntropy_hugeLogit_staysFinite() {
    try (Network network = oneLogit(-1000)) {
      Network.Batch batch = pass(network, pairs(new int[] {1, 2}), Loss.sum(1, 0));
      assertThat(batch.loss()).isEqualTo(1000);
      assertThat(network.probability(0)).isEqualTo(0);
      network.backward(Loss.sum(1, 0));
      assertThat(network.gradients().require("tail.0.bias").values()[0]).isEqualTo(-1);
    }
  }

  @Test
  void binaryCrossEntropy_zeroLogit_predictsNo() {
    try (Network network = oneLogit(0)) {
      pass(network, pairs(new int[] {1, 2}), Loss.sum(1, 0));
      assertThat(network.predictedTarget(0)).isZero();
    }
  }

  @Test
  void doubleSoftmax_equalsNumbersByHand() {
    // Digit 0 has the logit ln 9, the others 0: softmax s = (1/2, 1/18, …).
    try (Network network = digits(Head.ARITHMETIC, DigitRelation.AT_MOST, Math.log(9))) {
      Loss loss = new Loss(0, 1, Loss.Mix.SUM, Loss.DigitLosses.DOUBLE_SOFTMAX);
      Network.Batch batch = pass(network, pairs(new int[] {0, 0}), loss);
      double a = Math.exp(0.5);
      double b = Math.exp(1.0 / 18);
      double q = a / (a + 9 * b);
      assertThat(batch.loss()).isCloseTo(-Math.log(q), within(1e-6));
      // By symmetry the other nine share 1 − q: with g = q − 1 for digit 0 and (1 − q)/9 for
      // each other, dz(0) = s(0)·(g − Σ s·g) = 1/2·(g − g/2 − (1 − q)/18); twice, for two images,
      // each of half the weight.
      network.backward(loss);
      double g = q - 1;
      assertThat((double) network.gradients().require("body.0.bias").values()[0])
          .isCloseTo(0.5 * (g - g / 2 - (1 - q) / 18), within(1e-7));
    }
  }

  @Test
  void softArithmetic_uniformDigits_areAtMostEachOtherIn55Of100() {
    try (Network network = digits(Head.SOFT_ARITHMETIC, DigitRelation.AT_MOST, 0)) {
      Network.Batch yes = pass(network, pairs(new int[] {1, 2}), Loss.sum(1, 0));
      assertThat(yes.loss()).isCloseTo(-Math.log(0.55), within(1e-9));
      assertThat(network.probability(0)).isCloseTo(0.55f, within(1e-7f));
      assertThat(network.predictedTarget(0)).isEqualTo(1);
      Network.Batch no = pass(network, pairs(new int[] {2, 1}), Loss.sum(1, 0));
      assertThat(no.loss()).isCloseTo(-Math.log(0.45), within(1e-9));
      // Given no, image 1 is never 0 and 9 in 9 of 45 cases; image 2 is 0 in 9 of 45 and never 9.
      network.backward(Loss.sum(1, 0));
      float[] gradient = network.gradients().require("body.0.bias").values();
      assertThat(gradient[0]).isCloseTo((0.1f - 0) + (0.1f - 0.2f), within(1e-7f));
      assertThat(gradient[5]).isCloseTo((0.1f - 5 / 45f) + (0.1f - 4 / 45f), within(1e-7f));
    }
  }

  @Test
  void softArithmetic_sureOfTheWrongAnswer_keepsItsGradient() {
    // Both digits are 0 with the logit 2000: P(no) is below the smallest double.
    try (Network network = digits(Head.SOFT_ARITHMETIC, DigitRelation.AT_MOST, 2000)) {
      Network.Batch batch = pass(network, pairs(new int[] {2, 1}), Loss.sum(1, 0));
      assertThat(batch.loss()).isCloseTo(2000 - Math.log(9), within(1e-3));
      network.backward(Loss.sum(1, 0));
      // Image 1 is surely 0 and should never be; image 2 is 0 as it should.
      assertThat(network.gradients().require("body.0.bias").values()[0])
          .isCloseTo(1f, within(1e-6f));
    }
  }

  @Test
  void strictArithmetic_equalDigits_areNo() {
    Examples same = pairs(new int[] {0, 0});
    try (Network strict = digits(Head.ARITHMETIC, DigitRelation.LESS, 5);
        Network plain = digits(Head.ARITHMETIC, DigitRelation.AT_MOST, 5)) {
      assertThat(pass(strict, same, Loss.sum(0, 1)).correct()).isZero();
      assertThat(pass(plain, same, Loss.sum(0, 1)).correct()).isEqualTo(1);
    }
  }

  /** Returns a network whose only logit is {@code bias}. */
  private static Network oneLogit(float bias) {
    SiameseNetwork siamese =
        new SiameseNetwork(
            new Shape.Vector(1),
            Branches.SHARED,
            layers(),
            Optional.empty(),
            Head.LOGITS,
            DigitRelation.AT_MOST,
            layers(GradientTest.linear(2, 1)));
    return load(
        siamese,
        new Tensor("tail.0.weight", List.of(1, 2), new float[2]),
        new Tensor("tail.0.bias", List.of(1), new float[] {bias}));
  }

  /** Returns a network that gives digit 0 the logit {@code zero} and all others 0. */
  private static Network digits(Head head, DigitRelation comparison, double zero) {
    SiameseNetwork siamese =
        new SiameseNetwork(
            new Shape.Vector(1),
            Branches.SHARED,
            layers(GradientTest.linear(1, 10)),
            Optional.empty(),
            head,
            comparison,
            layers());
    float[] bias = new float[10];
    bias[0] = (float) zero;
    return load(
        siamese,
        new Tensor("body.0.weight", List.of(10, 1), new float[10]),
        new Tensor("body.0.bias", List.of(10), bias));
  }

  private static Network load(SiameseNetwork siamese, Tensor... tensors) {
    NativeEnvironment.prepare();
    Network network = new Network(siamese, 4, Set.of());
    network.load(new Weights(List.of(tensors)));
    return network;
  }

  private static Examples pairs(int[] digits) {
    int[] targets = new int[digits.length / 2];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = digits[2 * i] <= digits[2 * i + 1] ? 1 : 0;
    }
    return new Examples(1, new float[digits.length], digits, targets);
  }

  private static Network.Batch pass(Network network, Examples pairs, Loss loss) {
    int[] order = new int[pairs.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    network.forward(pairs, order, 0, order.length, Mode.EVALUATION);
    return network.measure(pairs, order, 0, loss);
  }
}
