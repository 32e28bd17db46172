package dev.twintail.spec;

/** What turns gradients into steps. */
public sealed interface OptimizerSpec {
  RealRange LEARNING_RATE = new RealRange(0, 1000, RealRange.Ends.UPPER);

  /** Returns the size of the first epoch's steps, above 0. */
  double learningRate();

  /**
   * Adam.
   *
   * @param learningRate step size, above 0
   * @param beta1 decay of the first moment per step, from 0 to below 1
   * @param beta2 decay of the second moment per step, from 0 to below 1
   * @param epsilon term that keeps a step finite, above 0
   */
  record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements OptimizerSpec {
    static final RealRange BETA = new RealRange(0, 1, RealRange.Ends.LOWER);
    static final RealRange EPSILON = new RealRange(0, 1, RealRange.Ends.UPPER);

    public Adam {
      LEARNING_RATE.require("learning-rate", learningRate);
      BETA.require("beta1", beta1);
      BETA.require("beta2", beta2);
      EPSILON.require("epsilon", epsilon);
    }
  }

  /**
   * Stochastic gradient descent.
   *
   * @param learningRate step size, above 0
   * @param momentum share of the last step that is kept, from 0 to below 1
   */
  record Sgd(double learningRate, double momentum) implements OptimizerSpec {
    static final RealRange MOMENTUM = new RealRange(0, 1, RealRange.Ends.LOWER);

    public Sgd {
      LEARNING_RATE.require("learning-rate", learningRate);
      MOMENTUM.require("momentum", momentum);
    }
  }
}
