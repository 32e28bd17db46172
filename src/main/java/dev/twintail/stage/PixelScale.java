package dev.twintail.stage;

import dev.twintail.model.Weights;
import dev.twintail.model.Weights.Tensor;
import dev.twintail.result.Table;
import java.util.List;

/**
 * How pixels enter a network: (x − mean) / std. It travels with the weights, as the tensors {@code
 * input.mean} and {@code input.std}, so that the weights alone tell how to use them.
 */
record PixelScale(float mean, float std) {
  private static final PixelScale RAW = new PixelScale(0, 1);
  private static final String MEAN = "input.mean";
  private static final String STD = "input.std";

  /** Returns pixels as they are: 0 to 255. */
  static PixelScale raw() {
    return RAW;
  }

  /** Returns the scalar mean and sample standard deviation of all pixels of both images. */
  static PixelScale standardizing(Table pairs) {
    float[] image1 = pairs.floats("image1");
    float[] image2 = pairs.floats("image2");
    double n = (double) image1.length + image2.length;
    double mean = (sum(image1) + sum(image2)) / n;
    double variance = (squares(image1, mean) + squares(image2, mean)) / (n - 1);
    if (variance == 0) {
      throw new IllegalArgumentException("Cannot standardize pixels: all of them are " + mean);
    }
    return new PixelScale((float) mean, (float) Math.sqrt(variance));
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static double squares(float[] values, double mean) {
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum;
  }

  void apply(float[] source, int from, float[] target, int to, int length) {
    for (int i = 0; i < length; i++) {
      target[to + i] = (source[from + i] - mean) / std;
    }
  }

  Weights tensors() {
    return new Weights(
        List.of(
            new Tensor(MEAN, List.of(1), new float[] {mean}),
            new Tensor(STD, List.of(1), new float[] {std})));
  }

  /** Returns the tensors of the network alone. */
  static Weights without(Weights weights) {
    return new Weights(
        weights.tensors().stream()
            .filter(t -> !t.name().equals(MEAN) && !t.name().equals(STD))
            .toList());
  }

  static PixelScale of(Weights weights) {
    return new PixelScale(weights.require(MEAN).values()[0], weights.require(STD).values()[0]);
  }
}
