package dev.twintail.model;

import dev.twintail.network.Layer;
import org.jspecify.annotations.Nullable;

/** {@code leaky-relu}: x where it is positive, else a hundredth of it; at 0 the small slope. */
final class LeakyReluOp extends Op {
  private static final float SLOPE = Layer.LeakyRelu.SLOPE;

  LeakyReluOp(int size) {
    super(size, size);
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      y[i] = Math.max(SLOPE * x[i], x[i]);
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    int length = inputs * n;
    for (int i = 0; i < length; i++) {
      // 1 where x is positive, down to the smallest float, else 0: so one of the terms is zero.
      float positive = Math.min(1, Math.max(0, x[i]) * 1e38f * 1e38f);
      dx[i] = positive * dy[i] + (1 - positive) * (SLOPE * dy[i]);
    }
  }
}
