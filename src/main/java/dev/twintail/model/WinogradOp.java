package dev.twintail.model;

import dev.twintail.network.Layer;
import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code conv 3x3} by {@link Winograd}: tiles of the input are transformed, multiplied with the
 * weights at each point by a product over all channels, tiles and images, and transformed back. The
 * gradient of the input takes the same way in the other direction.
 *
 * <p>The gradient of the weights does not: many of its sums have only zeros as terms, and the
 * transforms would make rounding of them, of which Adam makes whole steps.
 *
 * <p>What reads the convolution follows as in {@link ConvOp}, and the output may be cut as there.
 */
final class WinogradOp extends Op {
  /** With fewer weights at each place of the kernel, the transforms cost what the products save. */
  private static final int WEIGHTS = 32 * 64;

  /** Values that are transformed at once, if a tile of all images has not more. */
  private static final int BLOCK = 128;

  private static final int POINTS = Winograd.POINTS * Winograd.POINTS;

  private final WinogradFilters filters;
  private final Shape.Image in;
  private final Shape.Image out;
  private final Followers followers;

  /** Rows and columns where tiles begin. Where they overlap, the earlier one counts. */
  private final int[] down;

  private final int[] right;
  private final int tiles;

  /** Whether a single tile reads all of the input. */
  private final boolean isOneTile;

  /** [points × (in × tiles × images)]: the inputs, or their gradients. */
  private final NativeMatrix transformed;

  /** [points × (out × tiles × images)], and then their gradients. */
  private final NativeMatrix products;

  private final NativeMatrix output;
  private final ShiftedRows rows;
  private final TileTransform input;
  private final TileTransform inputGradient;
  private final TileTransform toOutput;
  private final TileTransform outputGradient;

  /**
   * @param followers what reads the convolution; closed with this one
   */
  WinogradOp(WinogradFilters filters, Shape.Image in, Followers followers, int maxImages) {
    super(in.size(), followers.out().size());
    this.filters = filters;
    this.in = in;
    out = followers.in();
    this.followers = followers;
    down = starts(out.height());
    right = starts(out.width());
    tiles = down.length * right.length;
    isOneTile = tiles == 1 && in.height() * in.width() == POINTS;
    int run = tiles * maxImages;
    transformed = new NativeMatrix(POINTS * in.channels() * run);
    products = new NativeMatrix(POINTS * out.channels() * run);
    output = new NativeMatrix(out.size() * maxImages);
    rows = new ShiftedRows(filters, in, out, maxImages);
    int block = Math.max(BLOCK, maxImages);
    int points = Winograd.POINTS;
    int outputs = Winograd.OUTPUTS;
    input = new TileTransform(Winograd::input, points, points, block);
    inputGradient = new TileTransform(Winograd::inputGradient, points, points, block);
    toOutput = new TileTransform(Winograd::output, points, outputs, block);
    outputGradient = new TileTransform(Winograd::outputGradient, outputs, points, block);
  }

  /**
   * Returns whether that is faster than {@link ConvOp}: with many weights, if the tiles fit the
   * output so well that less than half of the multiplications are left.
   */
  static boolean pays(Layer.Conv conv, Shape.Image out) {
    if (conv.kernel() != Winograd.KERNEL
        || conv.in() * conv.out() < WEIGHTS
        || Math.min(out.height(), out.width()) < Winograd.OUTPUTS) {
      return false;
    }
    int tiles = starts(out.height()).length * starts(out.width()).length;
    int pixels = out.height() * out.width();
    return 2 * tiles * POINTS < pixels * Winograd.KERNEL * Winograd.KERNEL;
  }

  private static int[] starts(int size) {
    int[] starts = new int[(size + Winograd.OUTPUTS - 1) / Winograd.OUTPUTS];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Math.min(i * Winograd.OUTPUTS, size - Winograd.OUTPUTS);
    }
    return starts;
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    transform(
        input,
        in.channels(),
        n,
        (from, to, place, values) -> readInput(x, place, from, to, values, n),
        (from, to, point, values) -> put(transformed, in, point, from, to, values, n));
    multiply(tiles * n);
    transform(
        toOutput,
        out.channels(),
        n,
        (from, to, point, values) -> get(products, out, point, from, to, values, n),
        (from, to, place, values) -> writeOutput(place, from, to, values, n));
    for (int row = 0; row < out.height(); row += followers.rows()) {
      followers.forward(output, row, y, n, mode);
    }
  }

  /** Reads or writes the values at one place, or point, of some tiles of all images. */
  @FunctionalInterface
  private interface Tiles {
    void move(int from, int to, int place, float[] values);
  }

  /** Transforms the tiles of all channels, as many at once as fit the nearest cache. */
  private void transform(TileTransform transform, int channels, int n, Tiles reader, Tiles writer) {
    int count = Math.max(1, BLOCK / n);
    for (int tile = 0; tile < channels * tiles; tile += count) {
      int from = tile;
      int to = Math.min(channels * tiles, from + count);
      transform.apply(
          (to - from) * n,
          (place, values) -> reader.move(from, to, place, values),
          (place, values) -> writer.move(from, to, place, values));
    }
  }

  private void get(
      NativeMatrix matrix, Shape.Image image, int point, int from, int to, float[] values, int n) {
    matrix.get((point * image.channels() * tiles + from) * n, values, 0, (to - from) * n);
  }

  private void put(
      NativeMatrix matrix, Shape.Image image, int point, int from, int to, float[] values, int n) {
    matrix.put((point * image.channels() * tiles + from) * n, values, 0, (to - from) * n);
  }

  /** Multiplies the inputs with the weights at each point. */
  private void multiply(int run) {
    for (int point = 0; point < POINTS; point++) {
      NativeMatrix.multiply(
          out.channels(),
          run,
          in.channels(),
          filters.points.part(point * out.channels() * in.channels(), in.channels()),
          transformed.part(point * in.channels() * run, run),
          0,
          products.part(point * out.channels() * run, run));
    }
  }

  /** Gathers the pixel at one place of tiles. */
  private void readInput(float[] x, int place, int from, int to, float[] values, int n) {
    for (int tile = from; tile < to; tile++) {
      System.arraycopy(x, inputAt(tile, place) * n, values, (tile - from) * n, n);
    }
  }

  private void writeOutput(int place, int from, int to, float[] values, int n) {
    for (int tile = from; tile < to; tile++) {
      if (counts(tile, place)) {
        int at = (tile - from) * n;
        add(filters.bias(tile / tiles), values, at, at + n);
        output.put(outputAt(tile, place) * n, values, at, n);
      }
    }
  }

  private static void add(float bias, float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] += bias;
    }
  }

  private int inputAt(int tile, int place) {
    int row = down[tile % tiles / right.length] + place / Winograd.POINTS;
    int column = right[tile % right.length] + place % Winograd.POINTS;
    return (row * in.channels() + tile / tiles) * in.width() + column;
  }

  private int outputAt(int tile, int place) {
    int row = down[tile % tiles / right.length] + place / Winograd.OUTPUTS;
    int column = right[tile % right.length] + place % Winograd.OUTPUTS;
    return (row * out.channels() + tile / tiles) * out.width() + column;
  }

  private boolean counts(int tile, int place) {
    return counts(down, tile % tiles / right.length, place / Winograd.OUTPUTS)
        && counts(right, tile % right.length, place % Winograd.OUTPUTS);
  }

  /** Whether no earlier tile has that output. */
  private static boolean counts(int[] starts, int tile, int i) {
    return tile == 0 || starts[tile] + i >= starts[tile - 1] + Winograd.OUTPUTS;
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    for (int row = 0; row < out.height(); row += followers.rows()) {
      followers.backward(y, dy, output, output, row, train, n);
    }
    if (train) {
      filters.openGradient();
      for (int row = 0; row < rows.count(); row++) {
        rows.shift(x, row, n);
        rows.accumulate(output, row, n);
      }
    }
    if (dx != null) {
      transform(
          outputGradient,
          out.channels(),
          n,
          (from, to, place, values) -> readGradient(place, from, to, values, n),
          (from, to, point, values) -> put(products, out, point, from, to, values, n));
      returnGradient(dx, n);
    }
  }

  private void readGradient(int place, int from, int to, float[] values, int n) {
    for (int tile = from; tile < to; tile++) {
      int at = (tile - from) * n;
      if (counts(tile, place)) {
        output.get(outputAt(tile, place) * n, values, at, n);
      } else {
        Arrays.fill(values, at, at + n, 0);
      }
    }
  }

  private void returnGradient(float[] dx, int n) {
    int run = tiles * n;
    for (int point = 0; point < POINTS; point++) {
      NativeMatrix.multiplyTransposedA(
          in.channels(),
          run,
          out.channels(),
          filters.points.part(point * out.channels() * in.channels(), in.channels()),
          products.part(point * out.channels() * run, run),
          0,
          transformed.part(point * in.channels() * run, run));
    }
    if (!isOneTile) {
      Arrays.fill(dx, 0, inputs * n, 0);
    }
    transform(
        inputGradient,
        in.channels(),
        n,
        (from, to, point, values) -> get(transformed, in, point, from, to, values, n),
        (from, to, place, values) -> addGradient(dx, place, from, to, values, n));
  }

  private void addGradient(float[] dx, int place, int from, int to, float[] values, int n) {
    for (int tile = from; tile < to; tile++) {
      int at = inputAt(tile, place) * n;
      int source = (tile - from) * n;
      if (isOneTile) {
        System.arraycopy(values, source, dx, at, n);
        continue;
      }
      for (int i = 0; i < n; i++) {
        dx[at + i] += values[source + i];
      }
    }
  }

  @Override
  boolean hasParameters() {
    return true;
  }

  @Override
  public void close() {
    followers.close();
    transformed.close();
    products.close();
    output.close();
    rows.close();
  }
}
