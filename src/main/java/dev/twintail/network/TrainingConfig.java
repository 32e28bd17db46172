package dev.twintail.network;

import java.util.Objects;

/**
 * How to train.
 *
 * @param epochs passes over the training pairs; the last one counts
 * @param batch pairs per step; the last batch of an epoch may be smaller
 * @param shuffle whether the pairs are put in a new random order every epoch
 * @param standardize whether pixels are shifted and scaled by the scalar mean and standard
 *     deviation of all training pairs, validation included, before the network reads them; false
 *     for a tail, which reads classes. Engines train on the values that they are given.
 */
public record TrainingConfig(
    int epochs,
    int batch,
    boolean shuffle,
    boolean standardize,
    Optimizer optimizer,
    Schedule schedule,
    Augmentation augment) {
  public static final WholeRange EPOCHS = new WholeRange(1, 100_000);
  public static final WholeRange BATCH = new WholeRange(1, 1_000_000);

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public TrainingConfig {
    EPOCHS.require("epochs", epochs);
    BATCH.require("batch", batch);
  }

  /** Returns a training at a constant rate on the pairs as they are. */
  public static TrainingConfig plain(
      int epochs, int batch, boolean shuffle, boolean standardize, Optimizer optimizer) {
    return new TrainingConfig(
        epochs, batch, shuffle, standardize, optimizer, Schedule.CONSTANT, Augmentation.NONE);
  }

  /** Returns this training, on pixels as they are or standardized as {@code other} has them. */
  public TrainingConfig scaledAs(TrainingConfig other) {
    return new TrainingConfig(
        epochs, batch, shuffle, other.standardize, optimizer, schedule, augment);
  }

  /** Returns this training on the pairs and values as they are. */
  public TrainingConfig onClasses() {
    return new TrainingConfig(
        epochs, batch, shuffle, false, optimizer, schedule, Augmentation.NONE);
  }

  /** Returns the learning rate of an epoch, counted from 1. */
  public double learningRate(int epoch) {
    return optimizer.learningRate() * schedule.at(epoch);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof TrainingConfig that
        && epochs == that.epochs
        && batch == that.batch
        && shuffle == that.shuffle
        && standardize == that.standardize
        && Objects.equals(optimizer, that.optimizer)
        && Objects.equals(schedule, that.schedule)
        && Objects.equals(augment, that.augment);
  }

  @Override
  public int hashCode() {
    return Objects.hash(epochs, batch, shuffle, standardize, optimizer.learningRate());
  }
}
