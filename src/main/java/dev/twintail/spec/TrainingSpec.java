package dev.twintail.spec;

/**
 * How to train.
 *
 * @param epochs passes over the training pairs; the last one counts
 * @param batch pairs per step; the last batch of an epoch may be smaller
 * @param shuffle whether the pairs are put in a new random order every epoch
 * @param standardize whether pixels are shifted and scaled by the scalar mean and standard
 *     deviation of all training pairs, validation included; false for a tail, which reads classes
 * @param adam the optimizer
 */
public record TrainingSpec(
    int epochs, int batch, boolean shuffle, boolean standardize, AdamSpec adam) {
  static final WholeRange EPOCHS = new WholeRange(1, 100_000);
  static final WholeRange BATCH = new WholeRange(1, 1_000_000);

  public TrainingSpec {
    EPOCHS.require("epochs", epochs);
    BATCH.require("batch", batch);
  }
}
