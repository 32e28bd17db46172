package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import java.util.List;

/**
 * The weight and bias of one linear layer as one matrix [out × (in+1)], the bias being the last
 * column, so that a single product with inputs that end in a row of ones applies both.
 */
final class Affine extends Parameter {
  final int out;
  final int in;
  final NativeMatrix matrix;
  private final NativeMatrix gradientMatrix;

  Affine(LayerName name, int out, int in) {
    super(name);
    this.out = out;
    this.in = in;
    int size = out * (in + 1);
    matrix = new NativeMatrix(size);
    gradientMatrix = new NativeMatrix(size);
  }

  @Override
  void load(Weights weights) {
    float[] values = new float[size()];
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
    return split(matrix);
  }

  @Override
  List<Tensor> gradientTensors() {
    if (!hasGradient()) {
      gradientMatrix.clear(0, size());
    }
    return split(gradientMatrix);
  }

  private List<Tensor> split(NativeMatrix source) {
    float[] joined = new float[size()];
    source.get(0, joined, 0, joined.length);
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
    return out * (in + 1);
  }

  @Override
  void fetch(int from, int length, float[] intoValues, float[] intoGradient) {
    matrix.get(from, intoValues, 0, length);
    gradientMatrix.get(from, intoGradient, 0, length);
  }

  @Override
  void store(int from, int length, float[] source) {
    matrix.put(from, source, 0, length);
  }

  @Override
  public void close() {
    matrix.close();
    gradientMatrix.close();
  }
}
