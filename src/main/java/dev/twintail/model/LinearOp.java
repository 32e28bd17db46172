package dev.twintail.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code linear}: y = W·x + b. */
final class LinearOp extends Op {
  private final Affine parameter;
  private final NativeMatrix input;
  private final NativeMatrix output;
  private final NativeMatrix inputGradient;
  private final float[] ones;

  LinearOp(Affine parameter, int maxImages) {
    super(parameter.in, parameter.out);
    this.parameter = parameter;
    input = new NativeMatrix((inputs + 1) * maxImages);
    output = new NativeMatrix(outputs * maxImages);
    inputGradient = new NativeMatrix(inputs * maxImages);
    ones = new float[maxImages];
    Arrays.fill(ones, 1);
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    input.put(0, x, 0, inputs * n);
    input.put(inputs * n, ones, 0, n);
    NativeMatrix.multiply(
        outputs,
        n,
        inputs + 1,
        parameter.matrix.part(0, inputs + 1),
        input.part(0, n),
        0,
        output.part(0, n));
    output.get(0, y, 0, outputs * n);
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    output.put(0, dy, 0, outputs * n);
    if (train) {
      parameter.accumulateGradient(output, input, n);
    }
    if (dx != null) {
      NativeMatrix.multiplyTransposedA(
          inputs,
          n,
          outputs,
          parameter.matrix.part(0, inputs + 1),
          output.part(0, n),
          0,
          inputGradient.part(0, n));
      inputGradient.get(0, dx, 0, inputs * n);
    }
  }

  @Override
  boolean hasParameters() {
    return true;
  }

  @Override
  public void close() {
    input.close();
    output.close();
    inputGradient.close();
  }
}
