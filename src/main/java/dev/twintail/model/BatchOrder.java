package dev.twintail.model;

import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;

/**
 * The order in which the training pairs are visited: a fresh permutation every epoch, all from one
 * stream, or the order of the data. Batches are consecutive slices of it.
 */
public final class BatchOrder {
  private final int n;
  private final boolean shuffled;
  private final Draws draws;

  public BatchOrder(int n, TrainingConfig training, Seed shuffle) {
    this.n = n;
    this.shuffled = training.shuffle();
    this.draws = new Draws(shuffle);
  }

  /** Returns the indices 0..n-1 in the order of the next epoch. */
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
