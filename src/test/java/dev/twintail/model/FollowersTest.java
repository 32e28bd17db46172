package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Followers that are written for one case give the bits of those that are written for any. */
class FollowersTest {
  private static final int IMAGES = 7;

  @ParameterizedTest
  @CsvSource({"6, 4, true", "6, 4, false", "4, 7, true", "2, 2, false"})
  void maxPoolFollowers_tiesZerosAndCutEdges_giveTheBitsOfTheGeneralOnes(
      int height, int width, boolean relu) {
    Shape.Image in = new Shape.Image(3, height, width);
    Shape.Image out = new Shape.Image(3, height / 2, width / 2);
    Function<Shape.Image, Sequential> chain =
        part -> {
          Shape.Image pooled =
              new Shape.Image(part.channels(), part.height() / 2, part.width() / 2);
          List<Op> ops = new ArrayList<>(List.of(new MaxPoolOp(part, pooled, 2, IMAGES)));
          if (relu) {
            ops.add(new ReluOp(pooled.size()));
          }
          return new Sequential(ops, IMAGES);
        };
    assertSameBits(
        new ChannelFollowers(in, out, 2, chain), new MaxPoolFollowers(in, out, relu, IMAGES));
  }

  @ParameterizedTest
  @CsvSource({"3, 5", "40, 30"})
  void reluFollowers_anySize_giveTheBitsOfTheGeneralOnes(int height, int width) {
    Shape.Image in = new Shape.Image(3, height, width);
    Function<Shape.Image, Sequential> chain =
        part -> new Sequential(List.of(new ReluOp(part.size())), IMAGES);
    assertSameBits(new ChannelFollowers(in, in, 1, chain), new ReluFollowers(in));
  }

  private static void assertSameBits(Followers general, Followers special) {
    Draws draws = new Draws(Seed.derive(1, "followers", "values", 1));
    float[] x = values(general.in().size() * IMAGES, draws);
    float[] dy = values(general.out().size() * IMAGES, draws);
    assertThat(bits(pass(special, x, dy))).isEqualTo(bits(pass(general, x, dy)));
    special.close();
    general.close();
  }

  /** Few values, so that there are ties; zeros of both signs, and the smallest floats. */
  private static float[] values(int length, Draws draws) {
    float[] some = {-2.5f, -1, -0f, 0, Float.MIN_VALUE, -Float.MIN_VALUE, 0.3f, 1, 7e30f};
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = some[draws.below(some.length)];
    }
    return values;
  }

  /** Returns what comes out, and then the gradient of what went in. */
  private static float[] pass(Followers followers, float[] x, float[] dy) {
    float[] y = new float[dy.length];
    NativeMatrix values = new NativeMatrix(x.length);
    values.put(0, x, 0, x.length);
    int rows = followers.in().height() / followers.rows() * followers.rows();
    for (int row = 0; row < rows; row += followers.rows()) {
      followers.forward(values, row, y, IMAGES, Mode.EVALUATION);
    }
    for (int row = 0; row < rows; row += followers.rows()) {
      followers.backward(y, dy, values, values, row, true, IMAGES);
    }
    float[] both = new float[y.length + x.length];
    System.arraycopy(y, 0, both, 0, y.length);
    values.get(0, both, y.length, x.length);
    values.close();
    return both;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
