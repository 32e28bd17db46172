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

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      // 0 where y is 0 and 1 where it is positive, down to the smallest float, without a branch.
      dx[i] = dy[i] * Math.min(1, y[i] * 1e38f * 1e38f);
    }
  }
}
