package dev.twintail.model;

import dev.twintail.network.Shape;

/**
 * {@code max-pool 2}, and {@code relu} if it follows: a row of one channel at a time, from the four
 * corners of the windows. Which of them was passed on is remembered, so that what was read need not
 * be read again. Gives the bits of {@link MaxPoolOp} and {@link ReluOp}.
 */
final class MaxPoolFollowers extends Followers {
  static final int WINDOW = 2;

  private final boolean relu;

  /** The first of the equal maxima of each window, from 0 to 3, in the order of the output. */
  private final float[] chosen;

  /** The pixels at each corner of the windows of a row, or their gradients. */
  private final float[] a;

  private final float[] b;
  private final float[] c;
  private final float[] d;

  /** What comes out, or its gradient. */
  private final float[] best;

  private final float[] corner;

  /** The gradient of columns at the edge that no window covers. */
  private final float[] zeros;

  /**
   * @param relu whether it follows
   */
  MaxPoolFollowers(Shape.Image in, Shape.Image out, boolean relu, int maxImages) {
    super(in, out, WINDOW);
    this.relu = relu;
    chosen = new float[out.size() * maxImages];
    int run = out.width() * maxImages;
    a = new float[run];
    b = new float[run];
    c = new float[run];
    d = new float[run];
    best = new float[run];
    corner = new float[run];
    zeros = new float[maxImages];
  }

  /** Returns where the pixels begin that the windows of a row and channel cover. */
  private int pixels(int row, int channel, int n) {
    return (row * in.channels() + channel) * in.width() * n;
  }

  @Override
  void forward(Values input, int row, float[] y, int n, Mode mode) {
    forward(
        (channel, evenAbove, oddAbove, evenBelow, oddBelow) -> {
          gather(input, pixels(row, channel, n), evenAbove, oddAbove, n);
          gather(input, pixels(row + 1, channel, n), evenBelow, oddBelow, n);
        },
        row,
        y,
        n);
  }

  /** Gives the pixels at each corner of the windows of a row, one channel after the other. */
  @FunctionalInterface
  interface Corners {
    void read(int channel, float[] a, float[] b, float[] c, float[] d);
  }

  /** Computes what the rows of the input from {@code row} on give, which need not be stored. */
  void forward(Corners corners, int row, float[] y, int n) {
    int run = out.width() * n;
    for (int channel = 0; channel < in.channels(); channel++) {
      corners.read(channel, a, b, c, d);
      maximum(a, b, c, d, best, run);
      choose(a, b, c, best, corner, run);
      int at = out(row, 0, channel) * n;
      System.arraycopy(corner, 0, chosen, at, run);
      if (relu) {
        ReluOp.apply(best, run);
      }
      System.arraycopy(best, 0, y, at, run);
    }
  }

  /** Sorts the pixels of a row by column: the even ones and the odd ones. */
  private void gather(Values input, int from, float[] even, float[] odd, int n) {
    int at = from;
    for (int i = 0; i < out.width(); i++) {
      input.get(at, even, i * n, n);
      input.get(at + n, odd, i * n, n);
      at += WINDOW * n;
    }
  }

  // Of these loops each is as long as the JIT compiler still vectorises it.

  private static void maximum(
      float[] a, float[] b, float[] c, float[] d, float[] best, int length) {
    for (int i = 0; i < length; i++) {
      best[i] = Math.max(Math.max(a[i], b[i]), Math.max(c[i], d[i]));
    }
  }

  /** Finds the first corner that has the maximum, without branches. */
  private static void choose(
      float[] a, float[] b, float[] c, float[] best, float[] corner, int length) {
    for (int i = 0; i < length; i++) {
      float max = best[i];
      float notA = MaxPoolOp.isBelow(a[i], max);
      float notB = notA * MaxPoolOp.isBelow(b[i], max);
      float notC = notB * MaxPoolOp.isBelow(c[i], max);
      corner[i] = notA + notB + notC;
    }
  }

  @Override
  void backward(
      float[] y, float[] dy, Values input, Values gradient, int row, boolean train, int n) {
    backward(y, dy, gradient, row, n);
  }

  /** Computes the gradient of the rows of the input from {@code row} on. */
  void backward(float[] y, float[] dy, Values gradient, int row, int n) {
    int run = out.width() * n;
    for (int channel = 0; channel < in.channels(); channel++) {
      int at = out(row, 0, channel) * n;
      System.arraycopy(dy, at, best, 0, run);
      if (relu) {
        System.arraycopy(y, at, a, 0, run);
        ReluOp.block(best, a, run);
      }
      System.arraycopy(chosen, at, corner, 0, run);
      share(best, corner, a, b, c, d, run);
      scatter(gradient, pixels(row, channel, n), a, b, n);
      scatter(gradient, pixels(row + 1, channel, n), c, d, n);
    }
  }

  /** Gives each gradient to the chosen corner, and 0 to the others; adding 0 makes it of −0. */
  private static void share(
      float[] gradient, float[] corner, float[] a, float[] b, float[] c, float[] d, int length) {
    for (int i = 0; i < length; i++) {
      float isOdd = 1 - Math.abs(1 - Math.abs(corner[i] - 2));
      float isBelow = (corner[i] - isOdd) / 2;
      float below = gradient[i] * isBelow;
      float above = gradient[i] - below;
      float oddAbove = above * isOdd;
      float oddBelow = below * isOdd;
      a[i] = above - oddAbove;
      b[i] = oddAbove + 0f;
      c[i] = below - oddBelow;
      d[i] = oddBelow + 0f;
    }
  }

  private void scatter(Values gradient, int to, float[] even, float[] odd, int n) {
    int at = to;
    for (int i = 0; i < out.width(); i++) {
      gradient.put(at, even, i * n, n);
      gradient.put(at + n, odd, i * n, n);
      at += WINDOW * n;
    }
    for (int i = out.width() * WINDOW; i < in.width(); i++) {
      gradient.put(at, zeros, 0, n);
      at += n;
    }
  }
}
