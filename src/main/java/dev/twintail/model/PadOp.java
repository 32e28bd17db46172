package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The padding of a convolution: rows and columns of zeros around the image. Of the border's right
 * and bottom, and of the image there, as much may be left out as nothing reads.
 */
final class PadOp extends Op {
  private final Shape.Image in;
  private final Shape.Image out;
  private final int padding;

  /** The part of the image that is read. */
  private final int height;

  private final int width;

  PadOp(Shape.Image in, Shape.Image out, int padding) {
    super(in.size(), out.size());
    this.in = in;
    this.out = out;
    this.padding = padding;
    height = Math.min(in.height(), out.height() - padding);
    width = Math.min(in.width(), out.width() - padding);
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    Arrays.fill(y, 0, outputs * n, 0);
    for (int row = 0; row < height; row++) {
      for (int channel = 0; channel < in.channels(); channel++) {
        System.arraycopy(x, inside(row, channel) * n, y, outside(row, channel) * n, width * n);
      }
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    if (height < in.height() || width < in.width()) {
      Arrays.fill(dx, 0, inputs * n, 0);
    }
    for (int row = 0; row < height; row++) {
      for (int channel = 0; channel < in.channels(); channel++) {
        System.arraycopy(dy, outside(row, channel) * n, dx, inside(row, channel) * n, width * n);
      }
    }
  }

  private int inside(int row, int channel) {
    return (row * in.channels() + channel) * in.width();
  }

  private int outside(int row, int channel) {
    return ((row + padding) * out.channels() + channel) * out.width() + padding;
  }
}
