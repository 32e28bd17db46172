package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WinogradTest {
  private static final int POINTS = Winograd.POINTS;
  private static final int OUTPUTS = Winograd.OUTPUTS;
  private static final int KERNEL = Winograd.KERNEL;
  private static final int TILES = 5;

  private final Draws draws = new Draws(Seed.derive(1, "winograd", "tiles", 1));

  /** Returns values between −1 and 1: [size × size × tiles]. */
  private float[][] values(int size) {
    float[][] values = new float[size * size][TILES];
    for (float[] place : values) {
      for (int tile = 0; tile < TILES; tile++) {
        place[tile] = (draws.below(2001) - 1000) / 1000f;
      }
    }
    return values;
  }

  private static float[][] apply(Winograd.Transform transform, int in, int out, float[][] from) {
    float[][] to = new float[out * out][TILES];
    new TileTransform(transform, in, out, TILES)
        .apply(
            TILES,
            (place, values) -> System.arraycopy(from[place], 0, values, 0, TILES),
            (place, values) -> System.arraycopy(values, 0, to[place], 0, TILES));
    return to;
  }

  private static double dot(float[][] a, float[][] b) {
    double sum = 0;
    for (int place = 0; place < a.length; place++) {
      for (int tile = 0; tile < TILES; tile++) {
        sum += (double) a[place][tile] * b[place][tile];
      }
    }
    return sum;
  }

  @Test
  void output_ofProductsAtThePoints_isTheConvolution() {
    float[][] x = values(POINTS);
    float[][] weights = values(KERNEL);
    float[][] products = apply(Winograd::input, POINTS, POINTS, x);
    float[][] weightsThere = apply(Winograd::kernel, KERNEL, POINTS, weights);
    for (int point = 0; point < products.length; point++) {
      for (int tile = 0; tile < TILES; tile++) {
        products[point][tile] *= weightsThere[point][tile];
      }
    }
    float[][] y = apply(Winograd::output, POINTS, OUTPUTS, products);
    for (int place = 0; place < y.length; place++) {
      for (int tile = 0; tile < TILES; tile++) {
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
          int row = place / OUTPUTS + k / KERNEL;
          int column = place % OUTPUTS + k % KERNEL;
          sum += (double) weights[k][tile] * x[row * POINTS + column][tile];
        }
        assertThat((double) y[place][tile]).isCloseTo(sum, within(1e-5));
      }
    }
  }

  static Stream<Arguments> transforms() {
    Winograd.Transform input = Winograd::input;
    Winograd.Transform inputGradient = Winograd::inputGradient;
    Winograd.Transform output = Winograd::output;
    Winograd.Transform outputGradient = Winograd::outputGradient;
    return Stream.of(
        Arguments.of("input", input, inputGradient, POINTS, POINTS),
        Arguments.of("output", output, outputGradient, POINTS, OUTPUTS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transforms")
  void gradient_isTheTranspose(
      String name, Winograd.Transform forward, Winograd.Transform back, int in, int out) {
    float[][] x = values(in);
    float[][] dy = values(out);
    assertThat(dot(apply(forward, in, out, x), dy))
        .isCloseTo(dot(x, apply(back, out, in, dy)), within(1e-4));
  }
}
