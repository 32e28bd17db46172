package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Scale and shift of a batch normalisation, and the running statistics that it evaluates by. Scale
 * and shift are one array, the shifts after the scales.
 */
final class Normalisation extends Parameter {
  private static final double MOMENTUM = 0.1;

  final int channels;
  private final float[] values;
  private final float[] gradient;
  private final float[] runningMean;
  private final float[] runningVariance;

  Normalisation(LayerName name, int channels) {
    super(name);
    this.channels = channels;
    values = new float[2 * channels];
    gradient = new float[2 * channels];
    runningMean = new float[channels];
    runningVariance = new float[channels];
  }

  float scale(int channel) {
    return values[channel];
  }

  float shift(int channel) {
    return values[channels + channel];
  }

  float runningMean(int channel) {
    return runningMean[channel];
  }

  float runningVariance(int channel) {
    return runningVariance[channel];
  }

  /**
   * Takes note of the statistics of one channel of one pass.
   *
   * @param variance the biased one, of {@code n} values, at least 2
   */
  void observe(int channel, double mean, double variance, int n) {
    double unbiased = variance * n / (n - 1);
    runningMean[channel] = (float) ((1 - MOMENTUM) * runningMean[channel] + MOMENTUM * mean);
    runningVariance[channel] =
        (float) ((1 - MOMENTUM) * runningVariance[channel] + MOMENTUM * unbiased);
  }

  /** Opens the gradient of a backward pass: zero, or what earlier uses have added. */
  void openGradient() {
    if (!hasGradient()) {
      Arrays.fill(gradient, 0);
      noteGradient();
    }
  }

  void addGradient(int channel, double scale, double shift) {
    gradient[channel] += (float) scale;
    gradient[channels + channel] += (float) shift;
  }

  @Override
  void load(Weights weights) {
    copy(weights, "weight", values, 0);
    copy(weights, "bias", values, channels);
    copy(weights, "running_mean", runningMean, 0);
    copy(weights, "running_var", runningVariance, 0);
  }

  private void copy(Weights weights, String kind, float[] into, int at) {
    System.arraycopy(weights.require(name.tensor(kind)).values(), 0, into, at, channels);
  }

  @Override
  List<Tensor> tensors() {
    return List.of(
        tensor("weight", values, 0),
        tensor("bias", values, channels),
        tensor("running_mean", runningMean, 0),
        tensor("running_var", runningVariance, 0));
  }

  @Override
  List<Tensor> gradientTensors() {
    float[] source = hasGradient() ? gradient : new float[gradient.length];
    return List.of(tensor("weight", source, 0), tensor("bias", source, channels));
  }

  private Tensor tensor(String kind, float[] source, int from) {
    return new Tensor(
        name.tensor(kind), List.of(channels), Arrays.copyOfRange(source, from, from + channels));
  }

  @Override
  int size() {
    return values.length;
  }

  @Override
  void fetch(int from, int length, float[] intoValues, float[] intoGradient) {
    System.arraycopy(values, from, intoValues, 0, length);
    System.arraycopy(gradient, from, intoGradient, 0, length);
  }

  @Override
  void store(int from, int length, float[] source) {
    System.arraycopy(source, 0, values, from, length);
  }
}
