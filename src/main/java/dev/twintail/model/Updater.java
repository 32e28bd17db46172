package dev.twintail.model;

import dev.twintail.network.Optimizer;
import java.util.Arrays;

/**
 * An optimizer with its memory of one parameter, whose values it moves chunk by chunk, so that each
 * chunk comes into the processor's nearest cache and leaves it once. A step is {@link #begin}, then
 * {@link #apply} once for each chunk, in any order. Not thread-safe.
 */
abstract class Updater {
  /** Values in a chunk. */
  static final int CHUNK = 2048;

  /**
   * Returns the optimizer with no memory yet.
   *
   * @param size number of values of the parameter
   */
  static Updater of(Optimizer optimizer, int size) {
    if (optimizer instanceof Optimizer.Adam adam) {
      return new AdamUpdater(adam, size);
    }
    return new SgdUpdater((Optimizer.Sgd) optimizer, size);
  }

  /**
   * Starts a step.
   *
   * @param rate the learning rate of this step, by the schedule
   */
  abstract void begin(double rate);

  /**
   * Moves the values of a chunk in place.
   *
   * @param values the chunk's values, from index 0
   * @param gradient of the loss by each of them, from index 0
   * @param chunk the chunk's number, from 0
   * @param length at most {@link #CHUNK}, which all chunks but the last have
   */
  abstract void apply(float[] values, float[] gradient, int chunk, int length);

  private static float[][] chunks(int size) {
    return new float[(size + CHUNK - 1) / CHUNK][CHUNK];
  }

  private static void clear(float[][] chunks) {
    for (float[] chunk : chunks) {
      Arrays.fill(chunk, 0);
    }
  }

  /** Forgets all steps. */
  abstract void restart();

  /**
   * Adam (Kingma and Ba; bias corrections as in PyTorch: the correction of the second moment is
   * applied before epsilon is added).
   */
  private static final class AdamUpdater extends Updater {
    private final Optimizer.Adam adam;
    private final float[][] mean;
    private final float[][] square;
    private double beta1Power = 1;
    private double beta2Power = 1;
    private float stepRate;
    private float scaledEpsilon;

    AdamUpdater(Optimizer.Adam adam, int size) {
      this.adam = adam;
      mean = chunks(size);
      square = chunks(size);
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
    void apply(float[] values, float[] gradient, int chunk, int length) {
      float keepMean = (float) adam.beta1();
      float addMean = (float) (1 - adam.beta1());
      float keepSquare = (float) adam.beta2();
      float addSquare = (float) (1 - adam.beta2());
      float epsilon = scaledEpsilon;
      // Locals and a plain loop, so that the JIT compiler turns it into vector instructions.
      float rate = stepRate;
      float[] m = mean[chunk];
      float[] s = square[chunk];
      for (int i = 0; i < length; i++) {
        m[i] = keepMean * m[i] + addMean * gradient[i];
        s[i] = keepSquare * s[i] + addSquare * gradient[i] * gradient[i];
        values[i] -= rate * m[i] / ((float) Math.sqrt(s[i]) + epsilon);
      }
    }

    @Override
    void restart() {
      clear(mean);
      clear(square);
      beta1Power = 1;
      beta2Power = 1;
    }
  }

  /** v = momentum·v + g, w −= rate·v. */
  private static final class SgdUpdater extends Updater {
    private final float momentum;
    private final float[][] velocity;
    private float stepRate;

    SgdUpdater(Optimizer.Sgd sgd, int size) {
      momentum = (float) sgd.momentum();
      velocity = chunks(size);
    }

    @Override
    void begin(double rate) {
      stepRate = (float) rate;
    }

    @Override
    void apply(float[] values, float[] gradient, int chunk, int length) {
      float keep = momentum;
      float rate = stepRate;
      float[] v = velocity[chunk];
      for (int i = 0; i < length; i++) {
        v[i] = keep * v[i] + gradient[i];
        values[i] -= rate * v[i];
      }
    }

    @Override
    void restart() {
      clear(velocity);
    }
  }
}
