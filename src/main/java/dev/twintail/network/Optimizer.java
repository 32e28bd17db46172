package dev.twintail.network;

/** What turns gradients into steps. */
public sealed interface Optimizer {
  RealRange LEARNING_RATE = new RealRange(0, 1000, RealRange.Ends.UPPER);

  /** Returns the size of the first epoch's steps, above 0. */
  double learningRate();

  /**
   * Adam (Kingma and Ba, 2015, with PyTorch's order of the bias corrections).
   *
   * @param learningRate step size, above 0
   * @param beta1 decay of the first moment per step, from 0 to below 1
   * @param beta2 decay of the second moment per step, from 0 to below 1
   * @param epsilon term that keeps a step finite, above 0
   */
  record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements Optimizer {
    public static final RealRange BETA = new RealRange(0, 1, RealRange.Ends.LOWER);
    public static final RealRange EPSILON = new RealRange(0, 1, RealRange.Ends.UPPER);

    /**
     * @throws IllegalArgumentException if a number is out of range
     */
    public Adam {
      LEARNING_RATE.require("learning-rate", learningRate);
      BETA.require("beta1", beta1);
      BETA.require("beta2", beta2);
      EPSILON.require("epsilon", epsilon);
    }

    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof Adam that
          && Double.compare(learningRate, that.learningRate) == 0
          && Double.compare(beta1, that.beta1) == 0
          && Double.compare(beta2, that.beta2) == 0
          && Double.compare(epsilon, that.epsilon) == 0;
    }

    @Override
    public int hashCode() {
      return Double.hashCode(learningRate);
    }
  }

  /**
   * Stochastic gradient descent with momentum as in PyTorch: v = momentum·v + g, w −= rate·v.
   *
   * @param learningRate step size, above 0
   * @param momentum share of the last step that is kept, from 0 (none) to below 1
   */
  record Sgd(double learningRate, double momentum) implements Optimizer {
    public static final RealRange MOMENTUM = new RealRange(0, 1, RealRange.Ends.LOWER);

    /**
     * @throws IllegalArgumentException if a number is out of range
     */
    public Sgd {
      LEARNING_RATE.require("learning-rate", learningRate);
      MOMENTUM.require("momentum", momentum);
    }
  }
}
