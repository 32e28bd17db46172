package dev.twintail.spec;

import dev.twintail.network.FrozenWord;
import dev.twintail.network.Shape;
import dev.twintail.network.WholeRange;
import java.util.Objects;

/**
 * The pairs of one round.
 *
 * @param pool side of the squares whose mean makes one pixel; 1 leaves the images alone
 * @param trainPairs pairs of distinct training images
 * @param testPairs pairs of distinct test images
 * @param validationPairs how many of the training pairs are only measured, never learnt from
 * @param validation which ones these are
 */
public record DataSpec(
    DigitsSpec digits,
    int pool,
    int trainPairs,
    int testPairs,
    int validationPairs,
    Validation validation) {
  /** Which training pairs are kept out of training. */
  public enum Validation implements FrozenWord {
    RANDOM("RANDOM"),
    /** The last ones in the order in which they were drawn, as in carparelli2019. */
    LAST("LAST");

    private final String keyWord;

    Validation(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /** Bytes of a pair in a table besides its pixels: six numbers, a word, and what is present. */
  private static final int PAIR = 64;

  static final WholeRange POOL = new WholeRange(1, 256);
  static final WholeRange PAIRS = new WholeRange(1, 1_000_000);
  static final WholeRange VALIDATION = new WholeRange(0, 999_999);

  public DataSpec {
    POOL.require("pool", pool);
    PAIRS.require("train-pairs", trainPairs);
    PAIRS.require("test-pairs", testPairs);
    new WholeRange(0, trainPairs - 1L).require("validation-pairs", validationPairs);
    if (digits.height() % pool != 0 || digits.width() % pool != 0) {
      throw new IllegalArgumentException(
          "Cannot pool %s×%s pixels by %s: it does not divide them"
              .formatted(digits.height(), digits.width(), pool));
    }
  }

  /** Returns the shape of one pooled image: what a body reads. */
  public Shape.Image image() {
    return new Shape.Image(1, digits.height() / pool, digits.width() / pool);
  }

  /** Returns the size of a pair in a table, in memory as on disk. */
  public long pairBytes() {
    return pairBytes(digits, pool);
  }

  static long pairBytes(DigitsSpec digits, int pool) {
    long pixels = 2L * (digits.height() / pool) * (digits.width() / pool);
    return Float.BYTES * pixels + pixels / Byte.SIZE + PAIR;
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof DataSpec that
        && pool == that.pool
        && trainPairs == that.trainPairs
        && testPairs == that.testPairs
        && validationPairs == that.validationPairs
        && validation == that.validation
        && Objects.equals(digits, that.digits);
  }

  @Override
  public int hashCode() {
    return Objects.hash(digits, pool, trainPairs, testPairs, validationPairs, validation);
  }
}
