package dev.twintail.model;

import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one layer. Activations are [values × n] with the n images of a batch
 * contiguous, and the values of an image are [rows × channels × columns], so that rows of the
 * images are the matrices of a convolution, and everything between the products is a plain loop
 * that the JIT compiler vectorises, where all arrays share one index. Such loops give the same bits
 * on every JVM, which is why no reduction and no {@code Math.exp} is among them. Not thread-safe.
 */
abstract class Op implements AutoCloseable {
  /** Values per image that come in and go out. */
  final int inputs;

  final int outputs;

  Op(int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Computes {@code y}, all {@code outputs·n} values of it, and leaves {@code x} alone. */
  abstract void forward(float[] x, float[] y, int n, Mode mode);

  /**
   * Passes the gradient back, at most once after each forward pass, whose {@code x} and {@code y}
   * it is given. Leaves {@code dy} alone.
   *
   * @param dx receives the gradient of {@code x}, or null if nobody wants it
   * @param train whether the layer's parameters accumulate their gradient
   */
  abstract void backward(
      float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n);

  /**
   * Says which channels of the image the next passes read, where they read it channels by channels.
   *
   * @param channel the first one
   */
  void select(int channel) {}

  boolean hasParameters() {
    return false;
  }

  @Override
  public void close() {}
}
