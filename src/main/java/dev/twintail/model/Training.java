package dev.twintail.model;

/**
 * How to train.
 *
 * @param epochs passes over the training pairs
 * @param batch pairs per step; the last batch of an epoch may be smaller
 * @param shuffle whether the pairs are put in a new random order every epoch
 */
public record Training(
    int epochs,
    int batch,
    boolean shuffle,
    Optimizer optimizer,
    Schedule schedule,
    Augmentation augmentation) {
  /** What turns gradients into steps. */
  public sealed interface Optimizer {
    double learningRate();
  }

  /** Adam's step size, decay rates of the two moments, and the term that keeps it finite. */
  public record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements Optimizer {}

  /**
   * Stochastic gradient descent with momentum as in PyTorch: v = momentum·v + g, w −= rate·v.
   *
   * @param momentum from 0 (none) to below 1
   */
  public record Sgd(double learningRate, double momentum) implements Optimizer {}

  /**
   * Step decay: in epoch e (from 1) the learning rate is {@code rate · factor^⌊(e−1)/every⌋}.
   *
   * @param factor 1 leaves the rate alone
   * @param every epochs between two steps, at least 1
   * @param state what becomes of the optimizer's moments at a step
   */
  public record Schedule(double factor, int every, State state) {
    /** The optimizer's moments, when the rate steps. */
    public enum State {
      KEPT,
      /** A new optimizer: moments and step count begin at zero. */
      RESTARTED
    }

    /** The same rate throughout. */
    public static final Schedule CONSTANT = new Schedule(1, 1, State.KEPT);

    public Schedule {
      if (every < 1) {
        throw new IllegalArgumentException("Cannot step the rate every " + every + " epochs");
      }
    }

    /** Returns whether the optimizer begins anew at an epoch, counted from 1. */
    public boolean restartsBefore(int epoch) {
      return state == State.RESTARTED && epoch > 1 && (epoch - 1) % every == 0;
    }

    /** Returns what the learning rate of an epoch, counted from 1, is multiplied with. */
    public double at(int epoch) {
      int steps = (epoch - 1) / every;
      return StrictMath.pow(factor, steps);
    }
  }

  /** Returns the learning rate of an epoch, counted from 1. */
  public double learningRate(int epoch) {
    return optimizer.learningRate() * schedule.at(epoch);
  }

  /**
   * What is done to the training pairs anew every epoch, from a stream of its own. Nothing else
   * than the training images is used.
   *
   * @param pairing whether the digits are paired anew, targets recomputed
   * @param shift each image is moved by −shift to shift pixels in both directions, uniformly; what
   *     moves in is the background
   */
  public record Augmentation(Pairing pairing, int shift) {
    /** How long two training images stay together. */
    public enum Pairing {
      FIXED,
      /** A random permutation of all training images pairs them anew each epoch. */
      EVERY_EPOCH
    }

    /** The pairs as they are. */
    public static final Augmentation NONE = new Augmentation(Pairing.FIXED, 0);
  }

  /** Returns a training at a constant rate on the pairs as they are. */
  public static Training plain(int epochs, int batch, boolean shuffle, Optimizer optimizer) {
    return new Training(epochs, batch, shuffle, optimizer, Schedule.CONSTANT, Augmentation.NONE);
  }
}
