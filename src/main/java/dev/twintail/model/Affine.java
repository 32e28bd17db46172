package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import java.util.List;

/**
 * The weight and bias of one linear layer as one matrix [out × (in+1)], the bias being the last
 * column, so that a single product with inputs that end in a row of ones applies both.
 */
final class Affine extends Parameter {
  /** Values that go through the processor's nearest cache together on their way in and out. */
  private static final int CHUNK = 2048;

  final int out;
  final int in;
  final NativeMatrix matrix;
  private final NativeMatrix gradientMatrix;
  private final float[] values;
  private final float[] gradient;

  Affine(LayerName name, int out, int in) {
    super(name);
    this.out = out;
    this.in = in;
    int size = out * (in + 1);
    matrix = new NativeMatrix(size);
    gradientMatrix = new NativeMatrix(size);
    values = new float[size];
    gradient = new float[size];
  }

  @Override
  void load(Weights weights) {
    float[] weight = weights.require(name.tensor("weight")).values();
    float[] bias = weights.require(name.tensor("bias")).values();
    for (int row = 0; row < out; row++) {
      System.arraycopy(weight, row * in, values, row * (in + 1), in);
      values[row * (in + 1) + in] = bias[row];
    }
    matrix.put(0, values, 0, values.length);
  }

  @Override
  List<Tensor> tensors() {
    return split(values);
  }

  @Override
  List<Tensor> gradientTensors() {
    if (!hasGradient()) {
      return split(new float[values.length]);
    }
    gradientMatrix.get(0, gradient, 0, gradient.length);
    return split(gradient);
  }

  private List<Tensor> split(float[] joined) {
    float[] weight = new float[out * in];
    float[] bias = new float[out];
    for (int row = 0; row < out; row++) {
      System.arraycopy(joined, row * (in + 1), weight, row * in, in);
      bias[row] = joined[row * (in + 1) + in];
    }
    return List.of(
        new Tensor(name.tensor("weight"), List.of(out, in), weight),
        new Tensor(name.tensor("bias"), List.of(out), bias));
  }

  /** Adds dY·Xᵀ, with dY [out × n] and X [(in+1) × n]; once for each use of the parameter. */
  void accumulateGradient(NativeMatrix outputGradient, NativeMatrix inputs, int n) {
    NativeMatrix.multiplyTransposedB(
        out,
        in + 1,
        n,
        outputGradient.part(0, n),
        inputs.part(0, n),
        hasGradient() ? 1 : 0,
        gradientMatrix.part(0, in + 1));
    noteGradient();
  }

  @Override
  int size() {
    return values.length;
  }

  @Override
  void update(Updater by) {
    for (int from = 0; from < values.length; from += CHUNK) {
      int length = Math.min(CHUNK, values.length - from);
      gradientMatrix.get(from, gradient, from, length);
      by.apply(values, gradient, from, from + length);
      matrix.put(from, values, from, length);
    }
  }

  @Override
  public void close() {
    matrix.close();
    gradientMatrix.close();
  }
}
