package dev.twintail.model;

import dev.twintail.network.Loss;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;

/** The loss of each batch in turn: always the sum, or by a fair coin one of its two terms. */
public final class LossPicker {
  private final Loss loss;
  private final Loss target;
  private final Loss digit;
  private final Draws coin;

  public LossPicker(Loss loss, Seed coin) {
    this.loss = loss;
    this.target = new Loss(loss.target(), 0, Loss.Mix.SUM, loss.digitLosses());
    this.digit = new Loss(0, loss.digit(), Loss.Mix.SUM, loss.digitLosses());
    this.coin = new Draws(coin);
  }

  /** Returns the loss of the next batch; a term of weight 0 passes no gradient. */
  public Loss next() {
    if (loss.mix() == Loss.Mix.SUM) {
      return loss;
    }
    return coin.coin() ? target : digit;
  }
}
