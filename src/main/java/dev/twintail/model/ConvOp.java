package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code conv}: the patches under the window become columns of one matrix, so that the convolution
 * is one product. With the images of a batch contiguous, a row of that matrix is made of whole runs
 * of the input.
 */
final class ConvOp extends Op {
  private final Affine parameter;
  private final Shape.Image in;
  private final Shape.Image out;
  private final int kernel;
  private final NativeMatrix patches;
  private final NativeMatrix output;
  private final NativeMatrix patchGradient;
  private final float[] addend;
  private final float[] ones;

  ConvOp(Affine parameter, Shape.Image in, Shape.Image out, int maxImages) {
    super(in.size(), out.size());
    this.parameter = parameter;
    this.in = in;
    this.out = out;
    kernel = in.height() - out.height() + 1;
    int columns = out.height() * out.width() * maxImages;
    patches = new NativeMatrix((parameter.in + 1) * columns);
    output = new NativeMatrix(outputs * maxImages);
    patchGradient = new NativeMatrix(parameter.in * columns);
    addend = new float[inputs * maxImages];
    ones = new float[columns];
    Arrays.fill(ones, 1);
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    int columns = out.height() * out.width() * n;
    int run = out.width() * n;
    int at = 0;
    for (int patchRow = 0; patchRow < parameter.in; patchRow++) {
      for (int top = 0; top < out.height(); top++) {
        patches.put(at, x, start(patchRow, top) * n, run);
        at += run;
      }
    }
    patches.put(at, ones, 0, columns);
    NativeMatrix.multiply(
        out.channels(),
        columns,
        parameter.in + 1,
        parameter.matrix,
        parameter.in + 1,
        patches,
        output);
    output.get(0, y, 0, outputs * n);
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    int columns = out.height() * out.width() * n;
    int run = out.width() * n;
    output.put(0, dy, 0, outputs * n);
    if (train) {
      parameter.accumulateGradient(output, patches, columns);
    }
    if (dx == null) {
      return;
    }
    NativeMatrix.multiplyTransposedA(
        parameter.in,
        columns,
        out.channels(),
        parameter.matrix,
        parameter.in + 1,
        output,
        patchGradient);
    Arrays.fill(dx, 0, inputs * n, 0);
    for (int patchRow = 0; patchRow < parameter.in; patchRow++) {
      for (int top = 0; top < out.height(); top++) {
        int to = start(patchRow, top) * n;
        patchGradient.get(patchRow * columns + top * run, addend, to, run);
        add(addend, dx, to, to + run);
      }
    }
  }

  /** Returns the pixel of the input where the run of a patch row begins for one output row. */
  private int start(int patchRow, int top) {
    int channel = patchRow / (kernel * kernel);
    int down = patchRow / kernel % kernel;
    int right = patchRow % kernel;
    return (channel * in.height() + top + down) * in.width() + right;
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
    patches.close();
    output.close();
    patchGradient.close();
  }
}
