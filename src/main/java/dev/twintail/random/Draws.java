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

  /**
   * Fills a part of {@code target}, one draw for each value: with 0 where {@link #symmetric
   * symmetric(1)} would be below {@code bound}, and with {@code kept} elsewhere. Without branches,
   * half of which a processor would guess wrong.
   *
   * @param to index after the last one filled
   */
  public void mask(float[] target, int from, int to, double bound, float kept) {
    int limit = countBelow(bound);
    int bits = Float.floatToRawIntBits(kept);
    for (int i = from; i < to; i++) {
      int top = (int) (words.nextLong() >>> 40);
      target[i] = Float.intBitsToFloat(bits & ~((top - limit) >> 31));
    }
  }

  /** Returns of how many of the 2²⁴ top bits of a word {@code symmetric(1)} is below a bound. */
  private static int countBelow(double bound) {
    int count = (int) Math.min(Math.max(0, (bound + 1) * 0x1p23), 1 << 24);
    // What that sum has lost to rounding; the values compared here are exact.
    while (count < 1 << 24 && count * 0x1p-23 - 1 < bound) {
      count++;
    }
    while (count > 0 && (count - 1) * 0x1p-23 - 1 >= bound) {
      count--;
    }
    return count;
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
