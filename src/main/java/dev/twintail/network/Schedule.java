package dev.twintail.network;

/**
 * Step decay: in epoch e (from 1) the learning rate is {@code rate · factor^⌊(e−1)/every⌋}.
 *
 * @param factor above 0; 1 leaves the rate alone
 * @param every epochs from one step to the next, at least 1
 * @param optimizer what becomes of the optimizer's moments at a step
 */
public record Schedule(double factor, int every, State optimizer) {
  public static final RealRange FACTOR = new RealRange(0, 1000, RealRange.Ends.UPPER);
  public static final WholeRange EVERY = new WholeRange(1, 100_000);

  /** The same rate in all epochs. */
  public static final Schedule CONSTANT = new Schedule(1, 1, State.KEPT);

  /** The optimizer's moments when the rate steps. */
  public enum State implements FrozenWord {
    KEPT("KEPT"),
    /** A new optimizer: moments and step count begin at zero, as in carparelli2019's code. */
    RESTARTED("RESTARTED");

    private final String keyWord;

    State(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public Schedule {
    FACTOR.require("factor", factor);
    EVERY.require("every", every);
  }

  /** Returns whether the optimizer begins anew at an epoch, counted from 1. */
  public boolean restartsBefore(int epoch) {
    return optimizer == State.RESTARTED && epoch > 1 && (epoch - 1) % every == 0;
  }

  /** Returns what the learning rate of an epoch, counted from 1, is multiplied with. */
  public double at(int epoch) {
    int steps = (epoch - 1) / every;
    return StrictMath.pow(factor, steps);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof Schedule that
        && Double.compare(factor, that.factor) == 0
        && every == that.every
        && optimizer == that.optimizer;
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(factor) + every;
  }
}
