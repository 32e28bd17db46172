package dev.twintail.model;

import org.jspecify.annotations.Nullable;

/** {@code relu}: max(0, x); no gradient at 0. */
final class ReluOp extends Op {
  ReluOp(int size) {
    super(size, size);
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      y[i] = Math.max(0, x[i]);
    }
  }

  /** Replaces values by what comes out. */
  static void apply(float[] values, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = Math.max(0, values[i]);
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      dx[i] = dy[i] * isPositive(y[i]);
    }
  }

  /** Replaces gradients of what came out by those of what went in. */
  static void block(float[] gradients, float[] y, int length) {
    for (int i = 0; i < length; i++) {
      gradients[i] = gradients[i] * isPositive(y[i]);
    }
  }

  /** Returns 0 where y is 0 and 1 where it is positive, down to the smallest float, branchless. */
  private static float isPositive(float y) {
    return Math.min(1, y * 1e38f * 1e38f);
  }
}
