package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code max-pool}. The gradient goes to the first of equal maxima in row order, as in PyTorch; on
 * digits, whose background is constant, ties are the rule.
 *
 * <p>The pixels are first sorted by their position within the window, one array for each, so that
 * all arrays of a loop share one index: otherwise the JIT compiler cannot rule out that a store
 * changes a later load, and leaves the loop scalar.
 */
final class MaxPoolOp extends Op {
  private final Shape.Image in;
  private final Shape.Image out;
  private final int window;

  /** The pixels at each position of the windows, and afterwards their gradients. */
  private final float[][] pixels;

  /** What earlier positions left of the gradient. */
  private final float[] remaining;

  MaxPoolOp(Shape.Image in, Shape.Image out, int window, int maxImages) {
    super(in.size(), out.size());
    this.in = in;
    this.out = out;
    this.window = window;
    pixels = new float[window * window][outputs * maxImages];
    remaining = new float[outputs * maxImages];
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int cells = out.channels() * out.width();
    for (int row = 0; row < out.height(); row++) {
      int from = row * cells;
      for (int p = 0; p < pixels.length; p++) {
        for (int cell = from; cell < from + cells; cell++) {
          System.arraycopy(x, pixel(cell, p) * n, pixels[p], cell * n, n);
        }
      }
      System.arraycopy(pixels[0], from * n, y, from * n, cells * n);
      for (int p = 1; p < pixels.length; p++) {
        maximum(pixels[p], y, from * n, (from + cells) * n);
      }
    }
  }

  /** Uses up what the forward pass left in {@link #pixels}. */
  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null) {
      return;
    }
    if (inputs > outputs * window * window) {
      Arrays.fill(dx, 0, inputs * n, 0); // The edges that are cut.
    }
    int cells = out.channels() * out.width();
    for (int row = 0; row < out.height(); row++) {
      int from = row * cells;
      System.arraycopy(dy, from * n, remaining, from * n, cells * n);
      for (int p = 0; p < pixels.length; p++) {
        claim(pixels[p], y, remaining, from * n, (from + cells) * n);
        for (int cell = from; cell < from + cells; cell++) {
          System.arraycopy(pixels[p], cell * n, dx, pixel(cell, p) * n, n);
        }
      }
    }
  }

  /** Returns position {@code p} of the window over output {@code cell}, as a pixel of the input. */
  private int pixel(int cell, int p) {
    int down = cell / out.width() / out.channels() * window + p / window;
    int channel = cell / out.width() % out.channels();
    int right = cell % out.width() * window + p % window;
    return (down * in.channels() + channel) * in.width() + right;
  }

  private static void maximum(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(y[i], x[i]);
    }
  }

  /**
   * Gives what remains of the gradient to the pixels that equal the maximum, without branches, and
   * puts their gradients in their place.
   */
  private static void claim(float[] x, float[] y, float[] remaining, int from, int to) {
    for (int i = from; i < to; i++) {
      float rest = remaining[i] * isBelow(x[i], y[i]);
      x[i] = remaining[i] - rest;
      remaining[i] = rest;
    }
  }

  /** Returns 0 for the maximum and 1 for what is below it, by however little, branchless. */
  static float isBelow(float x, float max) {
    return Math.min(1, (max - x) * 1e38f * 1e38f);
  }
}
