package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;

/**
 * What a convolution multiplies, row of the input by row: a row, once for each column of the kernel
 * and shifted by it, is the matrix whose product with all weights adds what this row gives to each
 * row of the output that the kernel reaches from it. Rows of the output that follow each other also
 * do so in memory, so that one product reaches them all. The gradient of the weights is the same
 * product turned round.
 */
final class ShiftedRows implements AutoCloseable {
  private final Filters filters;
  private final Shape.Image in;
  private final Shape.Image out;
  private final int kernel;

  /** [rows × (kernel, channels) × run]: the shifted rows. A run is a row of all images. */
  private final NativeMatrix shifted;

  private final NativeMatrix ones;

  /**
   * @param out the convolution's output, or what is computed of it
   */
  ShiftedRows(Filters filters, Shape.Image in, Shape.Image out, int maxImages) {
    this.filters = filters;
    this.in = in;
    this.out = out;
    kernel = filters.kernel;
    int run = out.width() * maxImages;
    shifted = new NativeMatrix(count() * filters.run * run);
    ones = new NativeMatrix(run);
    float[] one = new float[run];
    Arrays.fill(one, 1);
    ones.put(0, one, 0, run);
  }

  /** Returns the number of rows of the input that are read. */
  int count() {
    return out.height() + kernel - 1;
  }

  /** Copies a row of {@code n} images in. */
  void shift(float[] x, int row, int n) {
    int run = out.width() * n;
    int at = row * filters.run * run;
    for (int right = 0; right < kernel; right++) {
      for (int channel = 0; channel < in.channels(); channel++) {
        shifted.put(at, x, ((row * in.channels() + channel) * in.width() + right) * n, run);
        at += run;
      }
    }
  }

  /** Returns what was copied of a row: [(kernel, channels) × run]. */
  NativeMatrix.View row(int row, int n) {
    int run = out.width() * n;
    return shifted.part(row * filters.run * run, run);
  }

  /** Returns the first row of the output that a row of the input reaches. */
  int first(int row) {
    return Math.max(0, row - kernel + 1);
  }

  /** Returns the number of rows of the output that a row of the input reaches. */
  int reached(int row) {
    return Math.min(out.height() - 1, row) - first(row) + 1;
  }

  /** Returns where the weights of those rows begin in the order by row. */
  int weights(int row) {
    return (first(row) - (row - kernel + 1)) * out.channels() * filters.run;
  }

  /**
   * Adds to the gradient of weights and biases, in the order by row, what a row of the input and
   * the row of the output that it begins give; called for each row of the input in turn.
   *
   * @param gradient the output's, known up to the row that this one begins
   */
  void accumulate(NativeMatrix gradient, int row, int n) {
    int run = out.width() * n;
    int size = out.channels() * run;
    if (row < out.height()) {
      accumulateBiases(gradient.part(row * size, run), n);
    }
    NativeMatrix.multiplyTransposedB(
        reached(row) * out.channels(),
        filters.run,
        run,
        gradient.part(first(row) * size, run),
        row(row, n),
        1,
        filters.gradientMatrix.part(weights(row), filters.run));
  }

  /**
   * Adds to the gradient of weights and biases, in the order by channel, what a row of the output
   * gives; called for each in turn.
   *
   * @param gradient that of the row
   */
  void accumulateNarrow(NativeMatrix.View gradient, int row, int n) {
    accumulateBiases(gradient, n);
    NativeMatrix.multiplyTransposedB(
        out.channels(),
        kernel * filters.run,
        out.width() * n,
        gradient,
        row(row, n),
        1,
        filters.gradientMatrix.part(0, kernel * filters.run));
  }

  private void accumulateBiases(NativeMatrix.View gradient, int n) {
    NativeMatrix.multiplyVector(
        out.channels(),
        out.width() * n,
        gradient,
        ones.part(0, 1),
        filters.gradientMatrix.part(filters.biases(), 1));
  }

  @Override
  public void close() {
    shifted.close();
    ones.close();
  }
}
