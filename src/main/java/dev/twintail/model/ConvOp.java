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
  private final Shape.Image in;
  private final Shape.Image out;
  private final int kernel;
  private final Followers followers;

  private final ShiftedRows rows;
  private final NativeMatrix output;

  /** [rows × (kernel, channels) × run], as the shifted rows. */
  private final NativeMatrix shiftedGradient;

  private final float[] biases;
  private final float[] sum;
  private final float[] addend;

  /**
   * @param followers what reads the convolution; closed with this one
   */
  ConvOp(RowFilters filters, Shape.Image in, Followers followers, int maxImages) {
    super(in.size(), followers.out().size());
    this.filters = filters;
    this.in = in;
    out = followers.in();
    this.followers = followers;
    kernel = filters.kernel;
    rows = new ShiftedRows(filters, in, out, maxImages);
    int run = out.width() * maxImages;
    output = new NativeMatrix(out.size() * maxImages);
    shiftedGradient = new NativeMatrix(rows.count() * filters.run * run);
    biases = new float[out.channels() * run];
    sum = new float[in.width() * maxImages];
    addend = new float[in.width() * maxImages];
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
    if (dx != null && rows.count() < in.height()) {
      int used = rows.count() * in.channels() * in.width() * n;
      Arrays.fill(dx, used, inputs * n, 0);
    }
    for (int row = 0; row < rows.count(); row++) {
      if (row < out.height()) {
        if (row % followers.rows() == 0) {
          followers.backward(y, dy, output, output, row, train, n);
        }
        if (dx != null) {
          returnRow(row, n);
        }
      }
      if (train) {
        rows.accumulate(output, row, n);
      }
      if (dx != null) {
        unshift(dx, row, n);
      }
    }
  }

  /** Passes a row of the output's gradient to all rows of the input that it came from. */
  private void returnRow(int row, int n) {
    int run = out.width() * n;
    int size = filters.run * run;
    int fresh = row == 0 ? 0 : row + kernel - 1;
    shiftedGradient.clear(fresh * size, (row + kernel - fresh) * size);
    NativeMatrix.multiplyTransposedA(
        kernel * filters.run,
        run,
        out.channels(),
        filters.byChannel.part(0, kernel * filters.run),
        output.part(row * out.channels() * run, run),
        1,
        shiftedGradient.part(row * size, run));
  }

  /** Adds up the shifted gradients of a row of the input, all of which have arrived. */
  private void unshift(float[] dx, int row, int n) {
    int run = out.width() * n;
    int width = in.width() * n;
    for (int channel = 0; channel < in.channels(); channel++) {
      int at = (row * filters.run + channel) * run;
      shiftedGradient.get(at, sum, 0, run);
      Arrays.fill(sum, run, width, 0);
      for (int right = 1; right < kernel; right++) {
        at += in.channels() * run;
        shiftedGradient.get(at, addend, right * n, run);
        add(addend, sum, right * n, right * n + run);
      }
      System.arraycopy(sum, 0, dx, (row * in.channels() + channel) * width, width);
    }
  }

  /** One index for both arrays, or the JIT compiler would leave the loop scalar. */
  private static void add(float[] source, float[] target, int from, int to) {
    for (int i = from; i < to; i++) {
      target[i] += source[i];
    }
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
    shiftedGradient.close();
  }
}
