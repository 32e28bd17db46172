package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;

/**
 * The gradient of a convolution's input, by {@link ShiftedRows} turned round: each row of the
 * output's gradient is multiplied with all weights, and what they give is added up where they came
 * from.
 */
final class InputGradient implements AutoCloseable {
  private final RowFilters filters;
  private final Shape.Image in;
  private final Shape.Image out;
  private final int kernel;

  /** [rows × (kernel, channels) × run], as the shifted rows. */
  private final NativeMatrix shifted;

  private final float[] sum;
  private final float[] addend;

  /**
   * @param out the convolution's output, or what is computed of it
   */
  InputGradient(RowFilters filters, Shape.Image in, Shape.Image out, int maxImages) {
    this.filters = filters;
    this.in = in;
    this.out = out;
    kernel = filters.kernel;
    shifted = new NativeMatrix(rows() * filters.run * out.width() * maxImages);
    sum = new float[in.width() * maxImages];
    addend = new float[in.width() * maxImages];
  }

  /** Returns the number of rows of the input that the output comes from. */
  private int rows() {
    return out.height() + kernel - 1;
  }

  /** Begins a backward pass: zeros where nothing comes from. */
  void open(float[] dx, int n) {
    int row = in.channels() * in.width() * n;
    Arrays.fill(dx, rows() * row, in.height() * row, 0);
  }

  /**
   * Passes a row of the output's gradient to all rows of the input that it came from; called for
   * each in turn.
   */
  void give(NativeMatrix.View gradient, int row, int n) {
    int run = out.width() * n;
    int size = filters.run * run;
    int fresh = row == 0 ? 0 : row + kernel - 1;
    shifted.clear(fresh * size, (row + kernel - fresh) * size);
    NativeMatrix.multiplyTransposedA(
        kernel * filters.run,
        run,
        out.channels(),
        filters.byChannel.part(0, kernel * filters.run),
        gradient,
        1,
        shifted.part(row * size, run));
  }

  /** Adds up the shifted gradients of a row of the input, all of which have arrived. */
  void take(float[] dx, int row, int n) {
    int run = out.width() * n;
    int width = in.width() * n;
    for (int channel = 0; channel < in.channels(); channel++) {
      int at = (row * filters.run + channel) * run;
      shifted.get(at, sum, 0, run);
      Arrays.fill(sum, run, width, 0);
      for (int right = 1; right < kernel; right++) {
        at += in.channels() * run;
        shifted.get(at, addend, right * n, run);
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
  public void close() {
    shifted.close();
  }
}
