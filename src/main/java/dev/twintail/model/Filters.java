package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The weight and bias of one convolution. The weights that one output channel has in one row of the
 * kernel stay together, {@code [kernel × in]}: a run. Runs are in one of two orders: by the row of
 * the kernel, from the last one up, and then by the output channel, for products of one row of
 * inputs with all rows of the kernel; or by the output channel and then by the row.
 */
abstract class Filters extends Parameter {
  /** Runs shorter than this make too narrow a product for the gradient by the row. */
  private static final int NARROW = 16;

  final int out;
  final int in;
  final int kernel;

  /** Length of a run. */
  final int run;

  /** Whether values and gradient are in the order by channel, else by row. */
  final boolean narrow;

  /** The weights' gradient, and then that of the biases. */
  final NativeMatrix gradientMatrix;

  final float[] values;

  /**
   * @param weightShape (out, in, k, k)
   */
  Filters(LayerName name, List<Integer> weightShape) {
    super(name);
    out = weightShape.get(0);
    in = weightShape.get(1);
    kernel = weightShape.get(2);
    run = kernel * in;
    narrow = run < NARROW;
    int weights = out * kernel * run;
    gradientMatrix = new NativeMatrix(weights + out);
    values = new float[weights + out];
  }

  /** Returns where the biases begin among values and gradient. */
  final int biases() {
    return out * kernel * run;
  }

  final float bias(int channel) {
    return values[biases() + channel];
  }

  /** Returns where a run begins in the order by row. */
  final int atRow(int channel, int down) {
    return ((kernel - 1 - down) * out + channel) * run;
  }

  /** Returns where a run begins in the order by channel. */
  final int atChannel(int channel, int down) {
    return (channel * kernel + down) * run;
  }

  /** Returns where a run begins among values and gradient. */
  final int at(int channel, int down) {
    return narrow ? atChannel(channel, down) : atRow(channel, down);
  }

  /** Opens the gradient of a backward pass: zero, or what earlier uses have added. */
  final void openGradient() {
    if (!hasGradient()) {
      gradientMatrix.clear(0, size());
      noteGradient();
    }
  }

  @Override
  void load(Weights weights) {
    float[] weight = weights.require(name.tensor("weight")).values();
    for (int channel = 0; channel < out; channel++) {
      for (int down = 0; down < kernel; down++) {
        for (int right = 0; right < kernel; right++) {
          for (int from = 0; from < in; from++) {
            values[at(channel, down) + right * in + from] =
                weight[((channel * in + from) * kernel + down) * kernel + right];
          }
        }
      }
    }
    float[] bias = weights.require(name.tensor("bias")).values();
    System.arraycopy(bias, 0, values, biases(), out);
    publish();
  }

  /** Hands the values to BLAS. */
  abstract void publish();

  @Override
  List<Tensor> tensors() {
    return split(values);
  }

  @Override
  List<Tensor> gradientTensors() {
    float[] gradient = new float[values.length];
    if (hasGradient()) {
      gradientMatrix.get(0, gradient, 0, gradient.length);
    }
    return split(gradient);
  }

  private List<Tensor> split(float[] joined) {
    float[] weight = new float[biases()];
    for (int channel = 0; channel < out; channel++) {
      for (int from = 0; from < in; from++) {
        for (int down = 0; down < kernel; down++) {
          for (int right = 0; right < kernel; right++) {
            weight[((channel * in + from) * kernel + down) * kernel + right] =
                joined[at(channel, down) + right * in + from];
          }
        }
      }
    }
    float[] bias = Arrays.copyOfRange(joined, biases(), joined.length);
    return List.of(
        new Tensor(name.tensor("weight"), List.of(out, in, kernel, kernel), weight),
        new Tensor(name.tensor("bias"), List.of(out), bias));
  }

  @Override
  int size() {
    return values.length;
  }

  @Override
  void fetch(int from, int length, float[] intoValues, float[] intoGradient) {
    System.arraycopy(values, from, intoValues, 0, length);
    gradientMatrix.get(from, intoGradient, 0, length);
  }

  @Override
  void store(int from, int length, float[] source) {
    System.arraycopy(source, 0, values, from, length);
  }

  @Override
  void stored() {
    publish();
  }

  @Override
  public void close() {
    gradientMatrix.close();
  }
}
