package dev.twintail.model;

import org.jspecify.annotations.Nullable;

/** {@code tanh}, StrictMath's, whose bits no JIT compiler changes. */
final class TanhOp extends Op {
  TanhOp(int size) {
    super(size, size);
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      y[i] = (float) StrictMath.tanh(x[i]);
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      dx[i] = dy[i] * (1 - y[i] * y[i]);
    }
  }
}
