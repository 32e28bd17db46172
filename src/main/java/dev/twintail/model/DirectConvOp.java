package dev.twintail.model;

import dev.twintail.network.Layer;
import dev.twintail.network.Shape;
import org.jspecify.annotations.Nullable;

/**
 * {@code conv 3x3} on one channel and the {@code max-pool 2} that reads it, as most networks on
 * digits begin: the bits of {@link ConvOp}, by {@link DirectRows}. What the pool reads is never
 * stored as a whole, and of its gradient only the rows that it gives at a time.
 */
final class DirectConvOp extends Op {
  private final Shape.Image in;
  private final Shape.Image out;
  private final RowFilters filters;
  private final MaxPoolFollowers pool;
  private final int maxImages;
  private final DirectRows direct;
  private final ShiftedRows rows;

  /** The gradient of the rows of a window: [(row, channel) × run]. */
  private final NativeMatrix gradient;

  /** Networks that begin with this layer need none. */
  private @Nullable InputGradient inputGradient;

  /**
   * @param pool what reads the convolution; closed with this one
   */
  DirectConvOp(RowFilters filters, Shape.Image in, MaxPoolFollowers pool, int maxImages) {
    super(in.size(), pool.out().size());
    this.filters = filters;
    this.in = in;
    this.pool = pool;
    this.maxImages = maxImages;
    out = pool.in();
    direct = new DirectRows(filters, in, pool.out().width(), pool.rows(), maxImages);
    rows = new ShiftedRows(filters, in, out, maxImages);
    gradient = new NativeMatrix(pool.rows() * out.channels() * out.width() * maxImages);
  }

  static boolean fits(Layer.Conv conv) {
    return conv.in() == 1 && conv.kernel() == DirectRows.KERNEL;
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int read = 0;
    for (int row = 0; row < out.height(); row += pool.rows()) {
      for (; read < row + pool.rows() + DirectRows.KERNEL - 1; read++) {
        direct.read(x, read, n);
      }
      int above = row;
      pool.forward(
          (channel, a, b, c, d) -> {
            direct.compute(above, channel, 0, a, n);
            direct.compute(above + 1, channel, 0, c, n);
            direct.compute(above, channel, 1, b, n);
            direct.compute(above + 1, channel, 1, d, n);
          },
          row,
          y,
          n);
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    InputGradient back = dx == null ? null : inputGradient();
    if (dx != null && back != null) {
      back.open(dx, n);
    }
    if (train) {
      filters.openGradient();
      for (int row = 0; row < rows.count(); row++) {
        rows.shift(x, row, n);
      }
    }
    int size = out.channels() * out.width() * n;
    for (int row = 0; row < out.height(); row++) {
      int begin = row - row % pool.rows();
      if (row == begin) {
        pool.backward(y, dy, new Followers.Window(gradient, begin * size), row, n);
      }
      NativeMatrix.View given = gradient.part((row - begin) * size, out.width() * n);
      if (train) {
        rows.accumulateNarrow(given, row, n);
      }
      if (back != null) {
        back.give(given, row, n);
      }
    }
    for (int row = 0; dx != null && back != null && row < rows.count(); row++) {
      back.take(dx, row, n);
    }
  }

  private InputGradient inputGradient() {
    if (inputGradient == null) {
      inputGradient = new InputGradient(filters, in, out, maxImages);
    }
    return inputGradient;
  }

  @Override
  boolean hasParameters() {
    return true;
  }

  @Override
  public void close() {
    pool.close();
    rows.close();
    gradient.close();
    if (inputGradient != null) {
      inputGradient.close();
    }
  }
}
