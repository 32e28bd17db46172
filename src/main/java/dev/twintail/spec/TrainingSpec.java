package dev.twintail.spec;

/**
 * How to train.
 *
 * @param epochs passes over the training pairs; the last one counts
 * @param batch pairs per step; the last batch of an epoch may be smaller
 * @param shuffle whether the pairs are put in a new random order every epoch
 * @param standardize whether pixels are shifted and scaled by the scalar mean and standard
 *     deviation of all training pairs, validation included; false for a tail, which reads classes
 */
public record TrainingSpec(
    int epochs,
    int batch,
    boolean shuffle,
    boolean standardize,
    OptimizerSpec optimizer,
    ScheduleSpec schedule,
    AugmentSpec augment) {
  static final WholeRange EPOCHS = new WholeRange(1, 100_000);
  static final WholeRange BATCH = new WholeRange(1, 1_000_000);

  public TrainingSpec {
    EPOCHS.require("epochs", epochs);
    BATCH.require("batch", batch);
  }

  /** Returns a training at a constant rate on the pairs as they are. */
  public static TrainingSpec plain(
      int epochs, int batch, boolean shuffle, boolean standardize, OptimizerSpec optimizer) {
    return new TrainingSpec(
        epochs, batch, shuffle, standardize, optimizer, ScheduleSpec.CONSTANT, AugmentSpec.NONE);
  }

  /** Returns this training, on pixels as they are or standardized as {@code other} has them. */
  TrainingSpec scaledAs(TrainingSpec other) {
    return new TrainingSpec(
        epochs, batch, shuffle, other.standardize, optimizer, schedule, augment);
  }

  /** Returns this training on the pairs and values as they are. */
  TrainingSpec onClasses() {
    return new TrainingSpec(epochs, batch, shuffle, false, optimizer, schedule, AugmentSpec.NONE);
  }
}
