package dev.twintail.spec;

/**
 * Step decay: every so many epochs the learning rate is multiplied.
 *
 * @param factor above 0; 1 leaves the rate alone
 * @param every epochs from one step to the next
 * @param optimizer what becomes of the optimizer's moments at a step
 */
public record ScheduleSpec(double factor, int every, State optimizer) {
  static final RealRange FACTOR = new RealRange(0, 1000, RealRange.Ends.UPPER);
  static final WholeRange EVERY = new WholeRange(1, 100_000);

  /** The same rate in all epochs. */
  public static final ScheduleSpec CONSTANT = new ScheduleSpec(1, 1, State.KEPT);

  /** The optimizer's moments when the rate steps; a spec writes it in small letters. */
  public enum State {
    KEPT,
    /** A new optimizer, as carparelli2019's code makes one. */
    RESTARTED
  }

  public ScheduleSpec {
    FACTOR.require("factor", factor);
    EVERY.require("every", every);
  }
}
