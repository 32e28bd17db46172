package dev.twintail.spec;

/**
 * {@code target·L(comparison) + digit·(CE(digit 1) + CE(digit 2))/2}, or per batch one of the two.
 * L is the cross-entropy of the tail's two logits, the binary one of its single logit, or that of
 * the soft comparison of two digits.
 *
 * @param target weight of the comparison's loss, at least 0
 * @param digit weight of the auxiliary loss, at least 0
 * @param mix how the two make the loss of a batch
 */
public record LossSpec(double target, double digit, Mix mix) {
  static final RealRange WEIGHT = new RealRange(0, 1000, RealRange.Ends.BOTH);

  /** The weight of the comparison where the digit losses have the rest. */
  static final RealRange ALPHA = new RealRange(0, 1, RealRange.Ends.BOTH);

  /** How the weighted losses are combined; a spec writes it in small letters. */
  public enum Mix {
    /** Their sum. */
    SUM,
    /** Per batch, a fair coin picks one of them (vieli2021, PreTrainRandom). */
    COIN
  }

  public LossSpec {
    WEIGHT.require("target weight", target);
    WEIGHT.require("digit weight", digit);
  }
}
