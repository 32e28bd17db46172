package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dropout and batch normalisation in both modes, by hand. */
class LayerModesTest {
  private static final Seed SEED = GradientTest.seed("modes");
  private static final LayerName NAME = LayerName.of("body").at(1);

  @Test
  void dropout_whileLearning_multipliesByTheDrawnMask() {
    DropoutOp dropout = new DropoutOp(new Shape.Vector(3), 0.25, 2);
    float[] y = new float[6];
    float[] dx = new float[6];
    float[] x = {1, 2, 3, 4, 5, 6};
    dropout.forward(x, y, 2, new Mode.LearningMode(new Draws(SEED)));
    dropout.backward(x, y, new float[] {1, 1, 1, 1, 1, 1}, dx, true, 2);
    Draws draws = new Draws(SEED);
    int dropped = 0;
    for (int i = 0; i < 6; i++) {
      boolean gone = (draws.symmetric(1) + 1) / 2 < 0.25;
      dropped += gone ? 1 : 0;
      assertThat(dx[i]).isEqualTo(gone ? 0 : (float) (1 / 0.75));
      assertThat(y[i]).isEqualTo(x[i] * dx[i]);
    }
    assertThat(dropped).isBetween(1, 5);
  }

  @Test
  void dropout_manyValues_dropsItsRateAndKeepsTheMean() {
    int n = 100_000;
    DropoutOp dropout = new DropoutOp(new Shape.Vector(1), 0.2, n);
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    float[] y = new float[n];
    dropout.forward(ones, y, n, new Mode.LearningMode(new Draws(SEED)));
    int dropped = 0;
    double sum = 0;
    for (float value : y) {
      dropped += value == 0 ? 1 : 0;
      sum += value;
    }
    // Five standard deviations of a binomial: 5·√(0.2·0.8/n) = 0.0063.
    assertThat((double) dropped / n).isCloseTo(0.2, within(0.0063));
    assertThat(sum / n).isCloseTo(1, within(0.008));
  }

  @Test
  void dropout_inEvaluation_isTheIdentityBothWays() {
    DropoutOp dropout = new DropoutOp(new Shape.Vector(3), 0.9, 1);
    float[] x = {1, -2, 3};
    float[] y = new float[3];
    float[] dx = new float[3];
    dropout.forward(x, y, 1, new Mode.LearningMode(new Draws(SEED)));
    dropout.forward(x, y, 1, Mode.EVALUATION);
    dropout.backward(x, y, new float[] {7, 8, 9}, dx, true, 1);
    assertThat(y).containsExactly(x);
    assertThat(dx).containsExactly(7, 8, 9);
  }

  @Test
  void batchNorm_pooled_normalisesByAllColumnsAndMovesTheRunningStatisticsOnce() {
    // One channel of one pixel, scale 2, shift 1; columns 1, 3 | 5, 7: mean 4, variance 5.
    try (Normalisation parameter = parameter()) {
      BatchNormOp op = new BatchNormOp(parameter, new Shape.Vector(1), 1, 4);
      float[] y = new float[4];
      op.forward(new float[] {1, 3, 5, 7}, y, 4, learning());
      float step = (float) (2 / Math.sqrt(5 + 1e-5));
      assertThat(y)
          .containsExactly(
              new float[] {1 - 3 * step, 1 - step, 1 + step, 1 + 3 * step}, within(1e-6f));
      // mean 0.9·10 + 0.1·4; variance 0.9·4 + 0.1·20/3.
      assertThat(running(parameter, "mean")).isCloseTo(9.4f, within(1e-6f));
      assertThat(running(parameter, "var")).isCloseTo(3.6f + 2 / 3f, within(1e-6f));
    }
  }

  @Test
  void batchNorm_eachImage_normalisesFirstThenSecondImages() {
    // Columns 1, 3 | 5, 9: means 2 and 7, variances 1 and 4.
    try (Normalisation parameter = parameter()) {
      BatchNormOp op = new BatchNormOp(parameter, new Shape.Vector(1), 2, 4);
      float[] y = new float[4];
      op.forward(new float[] {1, 3, 5, 9}, y, 4, learning());
      assertThat(y).containsExactly(new float[] {-1, 3, -1, 3}, within(2e-5f));
      // Twice, in this order: 0.9·(0.9·10 + 0.1·2) + 0.1·7, and unbiased 2 and 8.
      assertThat(running(parameter, "mean")).isCloseTo(8.98f, within(1e-5f));
      assertThat(running(parameter, "var"))
          .isCloseTo(0.9f * (0.9f * 4 + 0.1f * 2) + 0.1f * 8, within(1e-5f));
    }
  }

  @Test
  void batchNorm_inEvaluation_usesTheRunningStatisticsAndKeepsThem() {
    try (Normalisation parameter = parameter()) {
      BatchNormOp op = new BatchNormOp(parameter, new Shape.Vector(1), 2, 4);
      float[] x = {10, 12, 8, 10};
      float[] y = new float[4];
      float[] dx = new float[4];
      op.forward(x, y, 4, Mode.EVALUATION);
      op.backward(x, y, new float[] {1, 2, 3, 4}, dx, false, 4);
      // (x − 10)/2·2 + 1, and a gradient that is merely scaled.
      assertThat(y).containsExactly(new float[] {1, 3, -1, 1}, within(1e-5f));
      assertThat(dx).containsExactly(new float[] {1, 2, 3, 4}, within(1e-5f));
      assertThat(running(parameter, "mean")).isEqualTo(10);
      assertThat(running(parameter, "var")).isEqualTo(4);
    }
  }

  @Test
  void batchNorm_oneValuePerChannel_isRefusedInLearningOnly() {
    try (Normalisation parameter = parameter()) {
      BatchNormOp op = new BatchNormOp(parameter, new Shape.Vector(1), 2, 4);
      float[] y = new float[2];
      assertThatThrownBy(() -> op.forward(new float[] {1, 2}, y, 2, learning()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'body.1'")
          .hasMessageContaining("batch size");
      op.forward(new float[] {1, 2}, y, 2, Mode.EVALUATION);
    }
  }

  @Test
  void leakyRelu_atZero_takesTheSmallSlope() {
    LeakyReluOp op = new LeakyReluOp(1);
    float[] x = {-2, 0, Float.MIN_VALUE, 3};
    float[] y = new float[4];
    float[] dx = new float[4];
    op.forward(x, y, 4, Mode.EVALUATION);
    op.backward(x, y, new float[] {1, 1, 1, 1}, dx, true, 4);
    assertThat(y).containsExactly(-0.02f, 0, Float.MIN_VALUE, 3);
    assertThat(dx).containsExactly(0.01f, 0.01f, 1, 1);
  }

  @Test
  void pad_batchesOfSeveralSizes_haveABorderOfZeros() {
    PadOp pad = new PadOp(new Shape.Image(1, 1, 2), new Shape.Image(1, 3, 4), 1);
    float[] y = new float[24];
    Arrays.fill(y, 9);
    pad.forward(new float[] {1, 2, 3, 4}, y, 2, Mode.EVALUATION);
    assertThat(y)
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    pad.forward(new float[] {5, 6}, y, 1, Mode.EVALUATION);
    assertThat(Arrays.copyOf(y, 12)).containsExactly(0, 0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 0);
  }

  /** Returns scale 2, shift 1, running mean 10 and running variance 4. */
  private static Normalisation parameter() {
    Normalisation parameter = new Normalisation(NAME, 1);
    parameter.load(
        new Weights(
            List.of(
                tensor("weight", 2),
                tensor("bias", 1),
                tensor("running_mean", 10),
                tensor("running_var", 4))));
    return parameter;
  }

  private static Tensor tensor(String kind, float value) {
    return new Tensor("body.1." + kind, List.of(1), new float[] {value});
  }

  private static float running(Normalisation parameter, String kind) {
    return new Weights(parameter.tensors()).require("body.1.running_" + kind).values()[0];
  }

  private static Mode learning() {
    return new Mode.LearningMode(new Draws(SEED));
  }
}
