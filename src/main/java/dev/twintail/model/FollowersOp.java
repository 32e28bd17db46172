package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link Followers} of something else than a convolution. */
final class FollowersOp extends Op {
  private final Shape.Image in;
  private final Followers followers;

  FollowersOp(Shape.Image in, Followers followers) {
    super(in.size(), followers.out().size());
    this.in = in;
    this.followers = followers;
  }

  /** Returns the number of rows that are read: all but those that do not fill a window. */
  private int rows() {
    return in.height() / followers.rows() * followers.rows();
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    for (int row = 0; row < rows(); row += followers.rows()) {
      followers.forward(new Heap(x), row, y, n, mode);
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (dx == null && !(train && hasParameters())) {
      return;
    }
    float[] gradient = dx == null ? new float[inputs * n] : dx;
    int size = in.channels() * in.width() * n;
    Arrays.fill(gradient, rows() * size, in.height() * size, 0);
    for (int row = 0; row < rows(); row += followers.rows()) {
      followers.backward(y, dy, new Heap(x), new Heap(gradient), row, train, n);
    }
  }

  @Override
  boolean hasParameters() {
    return followers.hasParameters();
  }

  @Override
  public void close() {
    followers.close();
  }

  private static final class Heap implements Followers.Values {
    private final float[] array;

    Heap(float[] array) {
      this.array = array;
    }

    @Override
    public void get(int at, float[] target, int to, int length) {
      System.arraycopy(array, at, target, to, length);
    }

    @Override
    public void put(int at, float[] source, int from, int length) {
      System.arraycopy(source, from, array, at, length);
    }
  }
}
