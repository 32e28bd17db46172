package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import java.util.List;

/**
 * The weight and bias of one linear or convolution layer as one matrix [out × (in+1)], the bias
 * being the last column, so that a single product with inputs that end in a row of ones applies
 * both. Holds the gradient of the current step and Adam's moments.
 */
final class Parameter implements AutoCloseable {
  private final String name;
  private final List<Integer> weightShape;
  final int out;
  final int in;
  final NativeMatrix matrix;
  private final NativeMatrix gradientMatrix;
  private final float[] values;
  private final float[] gradient;
  private final float[] mean;
  private final float[] square;
  private boolean hasGradient;
  private double beta1Power = 1;
  private double beta2Power = 1;

  /**
   * @param name the layer's, such as {@code body.0}
   * @param weightShape shape of the weight tensor, (out, in) or (out, in, k, k)
   */
  Parameter(String name, List<Integer> weightShape) {
    this.name = name;
    this.weightShape = weightShape;
    out = weightShape.get(0);
    in = weightShape.stream().skip(1).reduce(1, (a, b) -> a * b);
    int size = out * (in + 1);
    matrix = new NativeMatrix(size);
    gradientMatrix = new NativeMatrix(size);
    values = new float[size];
    gradient = new float[size];
    mean = new float[size];
    square = new float[size];
  }

  void load(Weights weights) {
    float[] weight = weights.require(name + ".weight").values();
    float[] bias = weights.require(name + ".bias").values();
    for (int row = 0; row < out; row++) {
      System.arraycopy(weight, row * in, values, row * (in + 1), in);
      values[row * (in + 1) + in] = bias[row];
    }
    matrix.put(0, values, 0, values.length);
  }

  List<Tensor> tensors() {
    return split(values);
  }

  /** Returns the gradient of the last backward pass, in the shape of the weights. */
  List<Tensor> gradientTensors() {
    if (!hasGradient) {
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
        new Tensor(name + ".weight", weightShape, weight),
        new Tensor(name + ".bias", List.of(out), bias));
  }

  /** Forgets the gradient: until one is accumulated, {@link #step} leaves the values alone. */
  void clearGradient() {
    hasGradient = false;
  }

  /** Adds dY·Xᵀ, with dY [out × n] and X [(in+1) × n]; tied layers call this once per use. */
  void accumulateGradient(NativeMatrix outputGradient, NativeMatrix inputs, int n) {
    NativeMatrix.multiplyTransposedB(
        out, in + 1, n, outputGradient, inputs, hasGradient ? 1 : 0, gradientMatrix);
    hasGradient = true;
  }

  /**
   * One step of Adam (Kingma and Ba; bias corrections as in PyTorch: the correction of the second
   * moment is applied before epsilon is added).
   */
  void step(Training.Adam adam) {
    if (!hasGradient) {
      return;
    }
    gradientMatrix.get(0, gradient, 0, gradient.length);
    beta1Power *= adam.beta1();
    beta2Power *= adam.beta2();
    float keepMean = (float) adam.beta1();
    float addMean = (float) (1 - adam.beta1());
    float keepSquare = (float) adam.beta2();
    float addSquare = (float) (1 - adam.beta2());
    float rate = (float) (adam.learningRate() / (1 - beta1Power));
    float correction = (float) Math.sqrt(1 - beta2Power);
    float epsilon = (float) adam.epsilon();
    // Locals and a plain loop, so that the JIT compiler turns it into vector instructions.
    float[] v = values;
    float[] g = gradient;
    float[] m = mean;
    float[] s = square;
    for (int i = 0; i < v.length; i++) {
      m[i] = keepMean * m[i] + addMean * g[i];
      s[i] = keepSquare * s[i] + addSquare * g[i] * g[i];
      v[i] -= rate * m[i] / ((float) Math.sqrt(s[i]) / correction + epsilon);
    }
    matrix.put(0, values, 0, values.length);
  }

  @Override
  public void close() {
    matrix.close();
    gradientMatrix.close();
  }
}
