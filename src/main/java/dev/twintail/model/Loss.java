package dev.twintail.model;

/**
 * {@code target·L(comparison) + digit·(CE(digit 1) + CE(digit 2))/2}, each the mean over the batch.
 * CE is the softmax cross-entropy on logits. L is CE on a tail of two logits, the binary
 * cross-entropy of a sigmoid on a tail of one, and −log of the target's probability for {@link
 * Head#SOFT_ARITHMETIC}.
 *
 * @param target weight of the comparison's loss
 * @param digit weight of the auxiliary loss
 * @param mix how the two make the loss of a batch
 * @param reading what the digit losses read
 */
public record Loss(double target, double digit, Mix mix, DigitReading reading) {
  /** How the weighted losses are combined. */
  public enum Mix {
    /** Their sum. */
    SUM,
    /** Per batch, a fair coin picks one of them (vieli2021, PreTrainRandom). */
    COIN
  }

  /** What the digit cross-entropies take for logits. */
  public enum DigitReading {
    /** The logits. */
    LOGITS,
    /** Their softmax, so that softmax is applied twice (a flaw of carparelli2019's code). */
    SOFTMAX
  }

  /** Returns the sum of the two losses, digits read from logits. */
  public static Loss sum(double target, double digit) {
    return new Loss(target, digit, Mix.SUM, DigitReading.LOGITS);
  }
}
