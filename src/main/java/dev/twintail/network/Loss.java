package dev.twintail.network;

/**
 * {@code target·L(comparison) + digit·(CE(digit 1) + CE(digit 2))/2}, each the mean over the batch,
 * in nats; or, batch by batch, one of the two. CE is the softmax cross-entropy on logits. L is CE
 * on a tail of two logits, the binary cross-entropy of a sigmoid on a tail of one, and −ln of the
 * target's probability for {@link Head#SOFT_ARITHMETIC}.
 *
 * @param target weight of the comparison's loss, from 0 to 1000
 * @param digit weight of the auxiliary loss, from 0 to 1000
 * @param mix how the two make the loss of a batch
 * @param digitLosses what the digit losses are computed of
 */
public record Loss(double target, double digit, Mix mix, DigitLosses digitLosses) {
  public static final RealRange WEIGHT = new RealRange(0, 1000, RealRange.Ends.BOTH);

  /** How the weighted losses are combined. */
  public enum Mix implements FrozenWord {
    /** Their sum. */
    SUM("SUM"),
    /** Per batch, a fair coin picks one of them (vieli2021, PreTrainRandom). */
    COIN("COIN");

    private final String keyWord;

    Mix(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /** What the digit losses are computed of. */
  public enum DigitLosses implements FrozenWord {
    /** The logits. */
    CROSS_ENTROPY("CROSS_ENTROPY"),
    /** Their softmax, so that softmax is applied twice (a flaw of carparelli2019's code). */
    DOUBLE_SOFTMAX("DOUBLE_SOFTMAX");

    private final String keyWord;

    DigitLosses(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /**
   * @throws IllegalArgumentException if a weight is out of range
   */
  public Loss {
    WEIGHT.require("target weight", target);
    WEIGHT.require("digit weight", digit);
  }

  /** Returns the sum of the two losses, digits read from logits. */
  public static Loss sum(double target, double digit) {
    return new Loss(target, digit, Mix.SUM, DigitLosses.CROSS_ENTROPY);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof Loss that
        && Double.compare(target, that.target) == 0
        && Double.compare(digit, that.digit) == 0
        && mix == that.mix
        && digitLosses == that.digitLosses;
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(target) + Double.hashCode(digit);
  }
}
