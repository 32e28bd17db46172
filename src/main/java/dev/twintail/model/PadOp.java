package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The padding of a convolution: rows and columns of zeros around the image. */
final class PadOp extends Op {
  private final Shape.Image in;
  private final Shape.Image out;
  private final int padding;

  PadOp(Shape.Image in, int padding) {
    this(
        in,
        new Shape.Image(in.channels(), in.height() + 2 * padding, in.width() + 2 * padding),
        padding);
  }

  private PadOp(Shape.Image in, Shape.Image out, int padding) {
    super(in.size(), out.size());
    this.in = in;
    this.out = out;
    this.padding = padding;
  }

  /** Returns the shape with its border. */
  Shape.Image padded() {
    return out;
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    Arrays.fill(y, 0, outputs * n, 0);
    int run = in.width() * n;
    for (int row = 0; row < in.channels() * in.height(); row++) {
      System.arraycopy(x, row * run, y, start(row) * n, run);
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    int run = in.width() * n;
    for (int row = 0; row < in.channels() * in.height(); row++) {
      System.arraycopy(dy, start(row) * n, dx, row * run, run);
    }
  }

  /** Returns where a row of the image, counted through all channels, begins inside the border. */
  private int start(int row) {
    int channel = row / in.height();
    int down = row % in.height() + padding;
    return (channel * out.height() + down) * out.width() + padding;
  }
}
