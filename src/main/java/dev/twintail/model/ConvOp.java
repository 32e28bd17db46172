package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code conv}, row of the input by row: the products of {@link ShiftedRows} with all weights.
 *
 * <p>Layers that need few rows to give one of their own, activations and pooling, follow at once,
 * while the rows are at hand. What they read stays outside the heap, and on the way back they
 * compute once more before they pass the gradient on.
 *
 * <p>The output may be smaller than the input allows, where nothing reads what is cut.
 */
final class ConvOp extends Op {
  private final RowFilters filters;
  private final Shape.Image out;
  private final int kernel;
  private final Followers followers;

  private final ShiftedRows rows;
  private final NativeMatrix output;

  private final InputGradient inputGradient;
  private final float[] biases;

  /**
   * @param followers what reads the convolution; closed with this one
   */
  ConvOp(RowFilters filters, Shape.Image in, Followers followers, int maxImages) {
    super(in.size(), followers.out().size());
    this.filters = filters;
    out = followers.in();
    this.followers = followers;
    kernel = filters.kernel;
    rows = new ShiftedRows(filters, in, out, maxImages);
    int run = out.width() * maxImages;
    output = new NativeMatrix(out.size() * maxImages);
    inputGradient = new InputGradient(filters, in, out, maxImages);
    biases = new float[out.channels() * run];
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int run = out.width() * n;
    int size = out.channels() * run;
    for (int channel = 0; channel < out.channels(); channel++) {
      Arrays.fill(biases, channel * run, (channel + 1) * run, filters.bias(channel));
    }
    for (int row = 0; row < rows.count(); row++) {
      rows.shift(x, row, n);
      if (row < out.height()) {
        output.put(row * size, biases, 0, size);
      }
      NativeMatrix.multiply(
          rows.reached(row) * out.channels(),
          run,
          filters.run,
          filters.byRow.part(rows.weights(row), filters.run),
          rows.row(row, n),
          1,
          output.part(rows.first(row) * size, run));
      int done = row - kernel + 2;
      if (done > 0 && done % followers.rows() == 0) {
        followers.forward(output, done - followers.rows(), y, n, mode);
      }
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    if (train) {
      filters.openGradient();
    }
    if (dx != null) {
      inputGradient.open(dx, n);
    }
    for (int row = 0; row < rows.count(); row++) {
      if (row < out.height()) {
        if (row % followers.rows() == 0) {
          followers.backward(y, dy, output, output, row, train, n);
        }
        if (dx != null) {
          inputGradient.give(row(row, n), row, n);
        }
        if (train && filters.narrow) {
          rows.accumulateNarrow(row(row, n), row, n);
        }
      }
      if (train && !filters.narrow) {
        rows.accumulate(output, row, n);
      }
      if (dx != null) {
        inputGradient.take(dx, row, n);
      }
    }
  }

  /** Returns a row of the output, or of its gradient. */
  private NativeMatrix.View row(int row, int n) {
    int run = out.width() * n;
    return output.part(row * out.channels() * run, run);
  }

  @Override
  boolean hasParameters() {
    return true;
  }

  @Override
  public void close() {
    followers.close();
    rows.close();
    output.close();
    inputGradient.close();
  }
}
