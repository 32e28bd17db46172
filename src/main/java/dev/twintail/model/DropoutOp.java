package dev.twintail.model;

import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import org.jspecify.annotations.Nullable;

/**
 * {@code dropout}, inverted: what stays is divided by 1 − rate, so that evaluation changes nothing.
 * One draw for each value: value by value, those of an image channel by channel, and for each value
 * image by image.
 */
final class DropoutOp extends Op {
  private final double rate;
  private final Shape.Image image;

  /** 0 where the last pass dropped, else 1/(1 − rate). */
  private final float[] mask;

  private boolean dropped;

  DropoutOp(Shape shape, double rate, int maxImages) {
    super(shape.size(), shape.size());
    this.rate = rate;
    image = shape instanceof Shape.Image i ? i : new Shape.Image(1, 1, shape.size());
    mask = new float[shape.size() * maxImages];
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int length = inputs * n;
    if (mode instanceof Mode.LearningMode learning) {
      draw(learning.dropout(), n);
      dropped = true;
      multiply(x, y, length);
    } else {
      dropped = false;
      System.arraycopy(x, 0, y, 0, length);
    }
  }

  private void draw(Draws draws, int n) {
    float kept = (float) (1 / (1 - rate));
    double below = 2 * rate - 1; // A share of the draws from [-1, 1) that equals the rate.
    int run = image.width() * n;
    for (int channel = 0; channel < image.channels(); channel++) {
      for (int row = 0; row < image.height(); row++) {
        int from = (row * image.channels() + channel) * run;
        draws.mask(mask, from, from + run, below, kept);
      }
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    if (dropped) {
      multiply(dy, dx, inputs * n);
    } else {
      System.arraycopy(dy, 0, dx, 0, inputs * n);
    }
  }

  private void multiply(float[] source, float[] target, int length) {
    float[] factors = mask;
    for (int i = 0; i < length; i++) {
      target[i] = source[i] * factors[i];
    }
  }
}
