package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A convolution without BLAS gives the bits of the one with it. */
class DirectConvOpTest {
  private static final LayerName NAME = LayerName.of("body").at(0);

  private final Draws draws = new Draws(Seed.derive(1, "direct", "values", 1));

  @BeforeAll
  static void prepare() {
    NativeEnvironment.prepare();
  }

  @ParameterizedTest
  @CsvSource({
    "14, 14, 32, 64", // LeNet's batch of 32 pairs
    "14, 14, 32, 200", // and pairs that are evaluated
    "14, 14, 24, 10",
    "14, 14, 33, 7",
    "16, 16, 13, 31", // padded
    "28, 28, 5, 3",
    "7, 5, 1, 1",
    "5, 8, 3, 2"
  })
  void passes_anySize_giveTheBitsOfBlas(int height, int width, int channels, int images) {
    Shape.Image in = new Shape.Image(1, height, width);
    Shape.Image pooled = new Shape.Image(channels, (height - 2) / 2, (width - 2) / 2);
    Shape.Image out = new Shape.Image(channels, 2 * pooled.height(), 2 * pooled.width());
    Weights weights =
        new Weights(
            List.of(
                new Weights.Tensor(
                    NAME.tensor("weight"), List.of(channels, 1, 3, 3), values(9 * channels)),
                new Weights.Tensor(NAME.tensor("bias"), List.of(channels), values(channels))));
    float[] x = values(in.size() * images);
    float[] dy = values(pooled.size() * images);
    Supplier<RowFilters> filters = () -> new RowFilters(NAME, List.of(channels, 1, 3, 3));
    Supplier<MaxPoolFollowers> pool = () -> new MaxPoolFollowers(out, pooled, true, images);
    try (RowFilters direct = filters.get();
        RowFilters general = filters.get();
        Op one = new DirectConvOp(direct, in, pool.get(), images);
        Op other = new ConvOp(general, in, pool.get(), images)) {
      assertThat(pass(one, direct, weights, x, dy, images))
          .isEqualTo(pass(other, general, weights, x, dy, images));
    }
  }

  /** Returns what comes out, the gradient of what went in, and that of the weights. */
  private static int[] pass(
      Op op, RowFilters filters, Weights weights, float[] x, float[] dy, int n) {
    filters.load(weights);
    float[] y = new float[dy.length];
    float[] dx = new float[x.length];
    op.forward(x, y, n, Mode.EVALUATION);
    op.backward(x, y, dy, dx, true, n);
    List<Weights.Tensor> gradient = filters.gradientTensors();
    return Stream.of(y, dx, gradient.get(0).values(), gradient.get(1).values())
        .flatMapToInt(DirectConvOpTest::bits)
        .toArray();
  }

  private static IntStream bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i]));
  }

  /** A third are zero, as the background of digits, and some zeros negative. */
  private float[] values(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      int draw = draws.below(3_000_001) - 1_000_000;
      values[i] = draw > 1_000_000 ? (draw % 10 == 0 ? -0f : 0f) : draw / 777_777f;
    }
    return values;
  }
}
