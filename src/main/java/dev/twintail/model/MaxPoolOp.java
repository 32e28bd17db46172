package dev.twintail.model;

import dev.twintail.layer.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code max-pool}. The gradient goes to the first of equal maxima in row order, as in PyTorch; on
 * digits, whose background is constant, ties are the rule.
 */
final class MaxPoolOp extends Op {
  private final Shape.Image in;
  private final Shape.Image out;
  private final int window;
  private final float[] remaining;

  MaxPoolOp(Shape.Image in, Shape.Image out, int window, int maxImages) {
    super(in.size(), out.size());
    this.in = in;
    this.out = out;
    this.window = window;
    remaining = new float[maxImages];
  }

  @Override
  void forward(float[] x, float[] y, int n) {
    for (int cell = 0; cell < outputs; cell++) {
      int to = cell * n;
      System.arraycopy(x, pixel(cell, 0) * n, y, to, n);
      for (int p = 1; p < window * window; p++) {
        maximum(x, pixel(cell, p) * n, y, to, n);
      }
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    Arrays.fill(dx, 0, inputs * n, 0);
    for (int cell = 0; cell < outputs; cell++) {
      System.arraycopy(dy, cell * n, remaining, 0, n);
      for (int p = 0; p < window * window; p++) {
        claim(x, pixel(cell, p) * n, y, cell * n, dx, remaining, n);
      }
    }
  }

  /** Returns position {@code p} of the window over output {@code cell}, as a pixel of the input. */
  private int pixel(int cell, int p) {
    int channel = cell / (out.height() * out.width());
    int down = cell / out.width() % out.height() * window + p / window;
    int right = cell % out.width() * window + p % window;
    return (channel * in.height() + down) * in.width() + right;
  }

  private static void maximum(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] = Math.max(y[to + i], x[from + i]);
    }
  }

  /** Gives what remains of the gradient to the pixels that equal the maximum, without branches. */
  private static void claim(
      float[] x, int from, float[] y, int at, float[] dx, float[] remaining, int n) {
    for (int i = 0; i < n; i++) {
      float below = (y[at + i] - x[from + i]) * 1e38f * 1e38f;
      float other = Math.min(1, below);
      float rest = remaining[i] * other;
      dx[from + i] = remaining[i] - rest;
      remaining[i] = rest;
    }
  }
}
