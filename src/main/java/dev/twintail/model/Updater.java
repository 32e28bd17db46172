package dev.twintail.model;

import java.util.Arrays;

/** An optimizer with its memory of one parameter. */
abstract class Updater {
  static Updater of(Training.Optimizer optimizer, int size) {
    if (optimizer instanceof Training.Adam adam) {
      return new AdamUpdater(adam, size);
    }
    return new SgdUpdater((Training.Sgd) optimizer, size);
  }

  /** Starts a step at a learning rate. */
  abstract void begin(double rate);

  /** Moves the values with indices {@code from..to-1}; all of them together make a step. */
  abstract void apply(float[] values, float[] gradient, int from, int to);

  /** Forgets all steps. */
  abstract void restart();

  /**
   * Adam (Kingma and Ba; bias corrections as in PyTorch: the correction of the second moment is
   * applied before epsilon is added).
   */
  private static final class AdamUpdater extends Updater {
    private final Training.Adam adam;
    private final float[] mean;
    private final float[] square;
    private double beta1Power = 1;
    private double beta2Power = 1;
    private float stepRate;
    private float scaledEpsilon;

    AdamUpdater(Training.Adam adam, int size) {
      this.adam = adam;
      mean = new float[size];
      square = new float[size];
    }

    @Override
    void begin(double rate) {
      beta1Power *= adam.beta1();
      beta2Power *= adam.beta2();
      // rate·m/(1−β1ᵗ) / (√(s/(1−β2ᵗ)) + ε), with one division for each value.
      double root = Math.sqrt(1 - beta2Power);
      stepRate = (float) (rate * root / (1 - beta1Power));
      scaledEpsilon = (float) (adam.epsilon() * root);
    }

    @Override
    void apply(float[] values, float[] gradient, int from, int to) {
      float keepMean = (float) adam.beta1();
      float addMean = (float) (1 - adam.beta1());
      float keepSquare = (float) adam.beta2();
      float addSquare = (float) (1 - adam.beta2());
      float epsilon = scaledEpsilon;
      // Locals and a plain loop, so that the JIT compiler turns it into vector instructions.
      float rate = stepRate;
      float[] m = mean;
      float[] s = square;
      for (int i = from; i < to; i++) {
        m[i] = keepMean * m[i] + addMean * gradient[i];
        s[i] = keepSquare * s[i] + addSquare * gradient[i] * gradient[i];
        values[i] -= rate * m[i] / ((float) Math.sqrt(s[i]) + epsilon);
      }
    }

    @Override
    void restart() {
      Arrays.fill(mean, 0);
      Arrays.fill(square, 0);
      beta1Power = 1;
      beta2Power = 1;
    }
  }

  /** v = momentum·v + g, w −= rate·v. */
  private static final class SgdUpdater extends Updater {
    private final float momentum;
    private final float[] velocity;
    private float stepRate;

    SgdUpdater(Training.Sgd sgd, int size) {
      momentum = (float) sgd.momentum();
      velocity = new float[size];
    }

    @Override
    void begin(double rate) {
      stepRate = (float) rate;
    }

    @Override
    void apply(float[] values, float[] gradient, int from, int to) {
      float keep = momentum;
      float rate = stepRate;
      float[] v = velocity;
      for (int i = from; i < to; i++) {
        v[i] = keep * v[i] + gradient[i];
        values[i] -= rate * v[i];
      }
    }

    @Override
    void restart() {
      Arrays.fill(velocity, 0);
    }
  }
}
