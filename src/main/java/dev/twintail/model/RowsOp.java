package dev.twintail.model;

import dev.twintail.network.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Between the order of memory that {@link Op} asks of images and that of their values as a vector,
 * channel by channel: where layers begin or end with an image, and at {@code flatten}.
 */
final class RowsOp extends Op {
  private final Shape.Image image;
  private final boolean toRows;

  private RowsOp(Shape.Image image, boolean toRows) {
    super(image.size(), image.size());
    this.image = image;
    this.toRows = toRows;
  }

  /** Returns whether the two orders differ. */
  static boolean matters(Shape shape) {
    return shape instanceof Shape.Image image && image.channels() > 1 && image.height() > 1;
  }

  /** Reads a vector, writes an image. */
  static RowsOp toRows(Shape shape) {
    return new RowsOp((Shape.Image) shape, true);
  }

  /** Reads an image, writes a vector. */
  static RowsOp toChannels(Shape shape) {
    return new RowsOp((Shape.Image) shape, false);
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    copy(x, y, toRows, n);
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx != null) {
      copy(dy, dx, !toRows, n);
    }
  }

  private void copy(float[] source, float[] target, boolean intoRows, int n) {
    int run = image.width() * n;
    for (int row = 0; row < image.height(); row++) {
      for (int channel = 0; channel < image.channels(); channel++) {
        int inRows = (row * image.channels() + channel) * run;
        int inChannels = (channel * image.height() + row) * run;
        if (intoRows) {
          System.arraycopy(source, inChannels, target, inRows, run);
        } else {
          System.arraycopy(source, inRows, target, inChannels, run);
        }
      }
    }
  }
}
