package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.data.PairDataset;
import dev.twintail.result.Table;
import org.junit.jupiter.api.Test;

class PixelScaleTest {
  /** Values 0, 2, 4, 6: mean 3, sum of squares 9 + 1 + 1 + 9 = 20, sample variance 20 / 3. */
  @Test
  void standardizing_fourPixels_isMeanAndSampleDeviation() {
    PixelScale scale = PixelScale.standardizing(pairs(new float[] {0, 2}, new float[] {4, 6}));

    assertThat(scale).isEqualTo(new PixelScale(3, (float) Math.sqrt(20.0 / 3)));
  }

  @Test
  void standardizing_equalPixels_isRefused() {
    Table pairs = pairs(new float[] {5, 5}, new float[] {5, 5});

    assertThatThrownBy(() -> PixelScale.standardizing(pairs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot standardize pixels: all of them are 5.0");
  }

  @Test
  void apply_scalesTheGivenPartAlone() {
    float[] target = {7, 7, 7, 7};

    new PixelScale(3, 2).apply(new float[] {9, 1, 4, 9}, 1, target, 2, 2);

    assertThat(target).containsExactly(7, 7, -1, 0.5f);
  }

  @Test
  void apply_raw_leavesPixelsAlone() {
    float[] target = new float[2];

    PixelScale.raw().apply(new float[] {0, 255}, 0, target, 0, 2);

    assertThat(target).containsExactly(0, 255);
  }

  @Test
  void of_itsOwnTensors_isEqual() {
    PixelScale scale = new PixelScale(33.3f, 78.6f);

    assertThat(PixelScale.of(scale.tensors())).isEqualTo(scale);
  }

  /** One pair of images with two pixels each. */
  private static Table pairs(float[] image1, float[] image2) {
    int[] zero = {0};
    return PairTables.of(
        new PairDataset(1, 2, zero, zero, zero, zero, zero, image1, image2, new boolean[] {false}),
        "train");
  }
}
