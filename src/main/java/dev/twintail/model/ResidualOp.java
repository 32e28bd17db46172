package dev.twintail.model;

import org.jspecify.annotations.Nullable;

/** {@code residual}: x + f(x). */
final class ResidualOp extends Op {
  private final Sequential inner;

  ResidualOp(int size, Sequential inner) {
    super(size, size);
    this.inner = inner;
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    add(x, inner.forward(x, n, mode), y, inputs * n);
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    float @Nullable [] through = inner.backward(dy, train, dx != null, n);
    if (dx != null && through != null) {
      add(dy, through, dx, inputs * n);
    }
  }

  private static void add(float[] a, float[] b, float[] sum, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] = a[i] + b[i];
    }
  }

  @Override
  boolean hasParameters() {
    return inner.hasParameters();
  }

  @Override
  public void close() {
    inner.close();
  }
}
