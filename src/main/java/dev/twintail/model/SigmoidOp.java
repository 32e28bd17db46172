package dev.twintail.model;

import org.jspecify.annotations.Nullable;

/** {@code sigmoid}; the exponential is StrictMath's, whose bits no JIT compiler changes. */
final class SigmoidOp extends Op {
  SigmoidOp(int size) {
    super(size, size);
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      y[i] = (float) (1 / (1 + StrictMath.exp(-x[i])));
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      dx[i] = dy[i] * (y[i] * (1 - y[i]));
    }
  }
}
