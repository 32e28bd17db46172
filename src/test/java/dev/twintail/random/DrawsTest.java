package dev.twintail.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawsTest {
  private static final Seed SEED = new Seed(1, 2, 3, 4);

  /** The bounds lie at both ends, on a value that can be drawn, between two, and beside one. */
  @ParameterizedTest
  @ValueSource(doubles = {-1, -0.6, -0.5, 0, 1e-20, -1e-20, 0x1p-23, 1 / 3.0, 0.999999999, 1})
  void mask_anyBound_isZeroWhereTheSameDrawIsBelowIt(double bound) {
    Draws one = new Draws(SEED);
    Draws many = new Draws(SEED);
    float[] expected = new float[50_000];
    float[] mask = new float[expected.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = one.symmetric(1) < bound ? 0 : 1.25f;
    }

    many.mask(mask, 0, 7, bound, 1.25f);
    many.mask(mask, 7, mask.length, bound, 1.25f);

    assertThat(mask).isEqualTo(expected);
    assertThat(many.below(1000)).isEqualTo(one.below(1000));
  }
}
