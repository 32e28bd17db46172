package dev.twintail.model;

import dev.twintail.network.Shape;

/** {@code relu} alone. What it gave tells where the gradient passes. */
final class ReluFollowers extends Followers {
  /** Values at a time: these and their gradients stay in the nearest cache. */
  private static final int BLOCK = 2048;

  private final float[] values = new float[BLOCK];
  private final float[] gradients = new float[BLOCK];

  ReluFollowers(Shape.Image in) {
    super(in, in, 1);
  }

  @Override
  void forward(Values input, int row, float[] y, int n, Mode mode) {
    int size = in.channels() * in.width() * n;
    int end = (row + 1) * size;
    for (int at = row * size; at < end; at += BLOCK) {
      int length = Math.min(BLOCK, end - at);
      input.get(at, values, 0, length);
      ReluOp.apply(values, length);
      System.arraycopy(values, 0, y, at, length);
    }
  }

  @Override
  void backward(
      float[] y, float[] dy, Values input, Values gradient, int row, boolean train, int n) {
    int size = in.channels() * in.width() * n;
    int end = (row + 1) * size;
    for (int at = row * size; at < end; at += BLOCK) {
      int length = Math.min(BLOCK, end - at);
      System.arraycopy(y, at, values, 0, length);
      System.arraycopy(dy, at, gradients, 0, length);
      ReluOp.block(gradients, values, length);
      gradient.put(at, gradients, 0, length);
    }
  }
}
