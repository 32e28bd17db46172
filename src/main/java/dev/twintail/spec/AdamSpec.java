package dev.twintail.spec;

/**
 * The settings of Adam.
 *
 * @param learningRate step size, above 0
 * @param beta1 decay of the first moment per step, from 0 to below 1
 * @param beta2 decay of the second moment per step, from 0 to below 1
 * @param epsilon term that keeps a step finite, above 0
 */
public record AdamSpec(double learningRate, double beta1, double beta2, double epsilon) {
  static final RealRange LEARNING_RATE = new RealRange(0, 1000, RealRange.Ends.UPPER);
  static final RealRange BETA = new RealRange(0, 1, RealRange.Ends.LOWER);
  static final RealRange EPSILON = new RealRange(0, 1, RealRange.Ends.UPPER);

  public AdamSpec {
    LEARNING_RATE.require("learning-rate", learningRate);
    BETA.require("beta1", beta1);
    BETA.require("beta2", beta2);
    EPSILON.require("epsilon", epsilon);
  }
}
