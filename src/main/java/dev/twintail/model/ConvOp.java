package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code conv}, row of the input by row: a row, once for each column of the kernel and shifted by
 * it, is the matrix whose product with all weights adds what this row gives to each row of the
 * output that the kernel reaches from it. Rows of the output that follow each other also do so in
 * memory, so that one product reaches them all.
 *
 * <p>Layers that need few rows to give one of their own, activations and pooling, follow at once,
 * while the rows are at hand. What they read stays outside the heap, and on the way back they
 * compute once more before they pass the gradient on.
 *
 * <p>The output may be smaller than the input allows, where nothing reads what is cut.
 */
final class ConvOp extends Op {
  private final Filters filters;
  private final Shape.Image in;
  private final Shape.Image out;
  private final int kernel;
  private final Followers followers;

  /** Rows of the input that are read. */
  private final int rows;

  /** [rows × (kernel, channels) × run]: the shifted rows. A run is a row of all images. */
  private final NativeMatrix shifted;

  private final NativeMatrix output;
  private final NativeMatrix shiftedGradient;
  private final NativeMatrix ones;
  private final float[] biases;
  private final float[] sum;
  private final float[] addend;

  /**
   * @param followers what reads the convolution; closed with this one
   */
  ConvOp(Filters filters, Shape.Image in, Followers followers, int maxImages) {
    super(in.size(), followers.out().size());
    this.filters = filters;
    this.in = in;
    out = followers.in();
    this.followers = followers;
    kernel = filters.kernel;
    rows = out.height() + kernel - 1;
    int run = out.width() * maxImages;
    shifted = new NativeMatrix(rows * filters.run * run);
    output = new NativeMatrix(out.size() * maxImages);
    shiftedGradient = new NativeMatrix(rows * filters.run * run);
    ones = new NativeMatrix(run);
    float[] one = new float[run];
    Arrays.fill(one, 1);
    ones.put(0, one, 0, run);
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
    for (int row = 0; row < rows; row++) {
      shift(x, row, n);
      if (row < out.height()) {
        output.put(row * size, biases, 0, size);
      }
      int first = first(row);
      NativeMatrix.multiply(
          reached(row) * out.channels(),
          run,
          filters.run,
          filters.byRow.part(weights(row), filters.run),
          shifted.part(row * filters.run * run, run),
          1,
          output.part(first * size, run));
      int done = row - kernel + 2;
      if (done > 0 && done % followers.rows() == 0) {
        followers.forward(output, done - followers.rows(), y, n, mode);
      }
    }
  }

  private void shift(float[] x, int row, int n) {
    int run = out.width() * n;
    int at = row * filters.run * run;
    for (int right = 0; right < kernel; right++) {
      for (int channel = 0; channel < in.channels(); channel++) {
        shifted.put(at, x, ((row * in.channels() + channel) * in.width() + right) * n, run);
        at += run;
      }
    }
  }

  /** Returns the first row of the output that a row of the input reaches. */
  private int first(int row) {
    return Math.max(0, row - kernel + 1);
  }

  /** Returns the number of rows of the output that a row of the input reaches. */
  private int reached(int row) {
    return Math.min(out.height() - 1, row) - first(row) + 1;
  }

  /** Returns where the weights of those rows begin in the order by row. */
  private int weights(int row) {
    return (first(row) - (row - kernel + 1)) * out.channels() * filters.run;
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    int run = out.width() * n;
    int size = out.channels() * run;
    if (train) {
      filters.openGradient();
    }
    if (dx != null && rows < in.height()) {
      int used = rows * in.channels() * in.width() * n;
      Arrays.fill(dx, used, inputs * n, 0);
    }
    for (int row = 0; row < rows; row++) {
      if (row < out.height()) {
        if (row % followers.rows() == 0) {
          followers.backward(y, dy, output, output, row, train, n);
        }
        if (dx != null) {
          returnRow(row, n);
        }
        if (train) {
          NativeMatrix.multiplyVector(
              out.channels(),
              run,
              output.part(row * size, run),
              ones.part(0, 1),
              filters.gradientMatrix.part(filters.biases(), 1));
        }
      }
      if (train) {
        accumulate(row, n);
      }
      if (dx != null) {
        unshift(dx, row, n);
      }
    }
  }

  /** Adds what a row of the input, or the row of the output that it completes, gives. */
  private void accumulate(int row, int n) {
    int run = out.width() * n;
    int size = out.channels() * run;
    if (!filters.narrow) {
      NativeMatrix.multiplyTransposedB(
          reached(row) * out.channels(),
          filters.run,
          run,
          output.part(first(row) * size, run),
          shifted.part(row * filters.run * run, run),
          1,
          filters.gradientMatrix.part(weights(row), filters.run));
      return;
    }
    int done = row - kernel + 1;
    if (done >= 0) {
      NativeMatrix.multiplyTransposedB(
          out.channels(),
          kernel * filters.run,
          run,
          output.part(done * size, run),
          shifted.part(done * filters.run * run, run),
          1,
          filters.gradientMatrix.part(0, kernel * filters.run));
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
    shifted.close();
    output.close();
    shiftedGradient.close();
    ones.close();
  }
}
