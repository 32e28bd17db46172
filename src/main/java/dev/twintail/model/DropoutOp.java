package dev.twintail.model;

import dev.twintail.random.Draws;
import org.jspecify.annotations.Nullable;

/**
 * {@code dropout}, inverted: what stays is divided by 1 − rate, so that evaluation changes nothing.
 * One draw for each value, in the order of memory: value by value, and for each value image by
 * image.
 */
final class DropoutOp extends Op {
  private final double rate;

  /** 0 where the last pass dropped, else 1/(1 − rate). */
  private final float[] mask;

  private boolean dropped;

  DropoutOp(int size, double rate, int maxImages) {
    super(size, size);
    this.rate = rate;
    mask = new float[size * maxImages];
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int length = inputs * n;
    if (mode instanceof Mode.Learning learning) {
      draw(learning.dropout(), length);
      dropped = true;
      multiply(x, y, length);
    } else {
      dropped = false;
      System.arraycopy(x, 0, y, 0, length);
    }
  }

  private void draw(Draws draws, int length) {
    float kept = (float) (1 / (1 - rate));
    double below = 2 * rate - 1; // A share of the draws from [-1, 1) that equals the rate.
    for (int i = 0; i < length; i++) {
      mask[i] = draws.symmetric(1) < below ? 0 : kept;
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
