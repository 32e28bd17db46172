package dev.twintail.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogitsTest {
  private static final Logits TWO = new Logits(new double[] {0, Math.log(3), 2, 2}, 2);

  @Test
  void softmax_isNormalised() {
    assertThat(TWO.softmax()).containsExactly(new double[] {.25, .75, .5, .5}, within(1e-15));
  }

  @Test
  void largest_ofEquals_isTheFirst() {
    assertThat(TWO.largest()).containsExactly(1, 0);
    assertThat(TWO.oneHot()).containsExactly(0, 1, 1, 0);
  }

  @Test
  void crossEntropy_isTheMeanOverRows() {
    assertThat(TWO.crossEntropy(new int[] {1, 0}))
        .isCloseTo((Math.log(4. / 3) + Math.log(2)) / 2, within(1e-15));
    assertThat(TWO.crossEntropyGradient(new int[] {1, 0}, 0.5))
        .containsExactly(new double[] {.0625, -.0625, -.125, .125}, within(1e-15));
  }

  @Test
  void crossEntropy_ofHugeScores_isFiniteAndNotClipped() {
    Logits sure = new Logits(new double[] {1000, -1000}, 2);
    assertThat(sure.crossEntropy(new int[] {1})).isEqualTo(2000);
    assertThat(sure.crossEntropy(new int[] {0})).isZero();
  }

  @Test
  void throughSoftmax_isItsDerivative() {
    double[] weights = {0.3, -1.2, 0.7};
    double[] scores = {0.1, 0.5, -0.4};
    double[] gradient = new Logits(scores, 3).throughSoftmax(weights);
    double h = 1e-6;
    for (int i = 0; i < 3; i++) {
      double[] above = scores.clone();
      double[] below = scores.clone();
      above[i] += h;
      below[i] -= h;
      double slope = (dot(weights, above) - dot(weights, below)) / (2 * h);
      assertThat(gradient[i]).isCloseTo(slope, within(1e-9));
    }
  }

  private static double dot(double[] weights, double[] scores) {
    double[] softmax = new Logits(scores, 3).softmax();
    return weights[0] * softmax[0] + weights[1] * softmax[1] + weights[2] * softmax[2];
  }
}
