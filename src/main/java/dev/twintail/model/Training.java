package dev.twintail.model;

/**
 * How to train, with Adam.
 *
 * @param epochs passes over the training pairs
 * @param batch pairs per step; the last batch of an epoch may be smaller
 * @param shuffle whether the pairs are put in a new random order every epoch
 */
public record Training(int epochs, int batch, boolean shuffle, Adam adam) {
  /** Adam's step size, decay rates of the two moments, and the term that keeps it finite. */
  public record Adam(double learningRate, double beta1, double beta2, double epsilon) {}
}
