package dev.twintail.random;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/**
 * Random numbers from one seed: xoshiro256++ started with the seed's four words. Only the
 * generator's 64-bit output is taken from the library; everything derived from it is spelled out
 * here, so that a newer library cannot change a bit. Not thread-safe.
 */
public final class Draws {
  private final UniformRandomProvider words;

  public Draws(Seed seed) {
    words = new XoShiRo256PlusPlus(new long[] {seed.w0(), seed.w1(), seed.w2(), seed.w3()});
  }

  /** Returns an integer in [0, bound), each equally likely: the high word of word × bound. */
  public int below(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("Cannot draw below " + bound);
    }
    // Lemire's rejection: low words under the threshold would favour some results.
    long threshold = Long.remainderUnsigned(-bound, bound);
    while (true) {
      long word = words.nextLong();
      if (Long.compareUnsigned(word * bound, threshold) >= 0) {
        return (int) unsignedMultiplyHigh(word, bound);
      }
    }
  }

  /** Returns a random order of 0..n-1 (Fisher–Yates from the end). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = below(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** Returns a float in [-bound, bound) from the top 24 bits of a word. */
  public float symmetric(float bound) {
    float unit = (words.nextLong() >>> 40) * 0x1p-24f;
    return (2 * unit - 1) * bound;
  }

  /** Returns true or false, the top bit of a word. */
  public boolean coin() {
    return words.nextLong() < 0;
  }

  /** Java 17 lacks {@code Math.unsignedMultiplyHigh}; {@code bound} is positive. */
  private static long unsignedMultiplyHigh(long word, int bound) {
    return Math.multiplyHigh(word, bound) + ((word >> 63) & bound);
  }
}
