package dev.twintail.stats;

import dev.twintail.random.Draws;
import dev.twintail.random.Seed;

/**
 * How often to draw, and from which seed: equal settings give equal bits. Each method draws from a
 * stream of its own.
 *
 * @param root the experiment's seed
 * @param draws at least 999; 99,999 put a p of 0.05 within 0.0007
 */
public record Resampling(long root, int draws) {
  public Resampling {
    if (draws < 999) {
      throw new IllegalArgumentException("Cannot tell 2.5 % tails from " + draws + " draws");
    }
  }

  Draws stream(String name) {
    return new Draws(Seed.derive(root, "stats", name, 1));
  }
}
