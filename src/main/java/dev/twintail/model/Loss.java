package dev.twintail.model;

/**
 * {@code target·CE(target) + digit·(CE(digit 1) + CE(digit 2))/2}, each CE the softmax
 * cross-entropy on logits, mean over the batch.
 *
 * @param target weight of the comparison's loss
 * @param digit weight of the auxiliary loss
 * @param mix how the two make the loss of a batch
 */
public record Loss(double target, double digit, Mix mix) {
  /** How the weighted losses are combined. */
  public enum Mix {
    /** Their sum. */
    SUM,
    /** Per batch, a fair coin picks one of them (vieli2021, PreTrainRandom). */
    COIN
  }
}
