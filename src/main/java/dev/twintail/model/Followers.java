package dev.twintail.model;

import dev.twintail.network.Shape;

/**
 * Layers that each channel passes by itself: activations, pooling and batch normalisation, which
 * needs all of its rows, where the others need a few.
 */
abstract class Followers implements AutoCloseable {
  final Shape.Image in;
  final Shape.Image out;
  final int rows;

  /**
   * @param out shape of what the layers give
   * @param rows how many rows of {@code in} are read at a time
   */
  Followers(Shape.Image in, Shape.Image out, int rows) {
    this.in = in;
    this.out = out;
    this.rows = rows;
  }

  /** Returns what the layers read. */
  final Shape.Image in() {
    return in;
  }

  /** Returns what they give. */
  final Shape.Image out() {
    return out;
  }

  /** Returns the number of rows that are read at a time. */
  final int rows() {
    return rows;
  }

  /** Returns the number of rows that come out at a time. */
  final int rowsOut() {
    return out.height() / (in.height() / rows);
  }

  /** Returns where the output begins of a row of those that come out at a time. */
  final int out(int row, int i, int channel) {
    return ((row / rows * rowsOut() + i) * out.channels() + channel) * out.width();
  }

  /** Where the values of all rows are, or their gradients. */
  interface Values {
    void get(int at, float[] target, int to, int length);

    void put(int at, float[] source, int from, int length);
  }

  /** Returns whether a layer among them learns. */
  boolean hasParameters() {
    return false;
  }

  /** Values of which only those from {@code begin} on are there. */
  record Window(Values values, int begin) implements Values {
    @Override
    public void get(int at, float[] target, int to, int length) {
      values.get(at - begin, target, to, length);
    }

    @Override
    public void put(int at, float[] source, int from, int length) {
      values.put(at - begin, source, from, length);
    }
  }

  /** Computes what the rows of the input from {@code row} on give. */
  abstract void forward(Values input, int row, float[] y, int n, Mode mode);

  /**
   * Computes the gradient of the rows of the input from {@code row} on.
   *
   * @param y what the forward pass gave
   * @param gradient receives it; may be {@code input}
   */
  abstract void backward(
      float[] y, float[] dy, Values input, Values gradient, int row, boolean train, int n);

  @Override
  public void close() {}
}
