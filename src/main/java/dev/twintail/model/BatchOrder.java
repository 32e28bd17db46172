package dev.twintail.model;

import dev.twintail.random.Draws;
import dev.twintail.random.Seed;

/**
 * The order in which each epoch visits the training pairs. Batches are consecutive slices of {@link
 * Training#batch} pairs; the last may be smaller. Not thread-safe.
 */
public final class BatchOrder {
  private final int n;
  private final boolean shuffled;
  private final Draws draws;

  /**
   * @param n number of training pairs
   * @param shuffle seed of the one stream from which all epochs draw, in turn
   */
  public BatchOrder(int n, Training training, Seed shuffle) {
    this.n = n;
    this.shuffled = training.shuffle();
    this.draws = new Draws(shuffle);
  }

  /** Returns a fresh permutation of 0..n-1 if the training shuffles, else 0..n-1 in order. */
  public int[] nextEpoch() {
    if (shuffled) {
      return draws.permutation(n);
    }
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    return order;
  }
}
