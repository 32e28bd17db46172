package dev.twintail.stats;

/** Whether a round learnt anything. */
public enum Learnt {
  /** It did. */
  YES("learnt"),
  /** Its accuracy could be had by always giving the more frequent answer. */
  NO_BETTER_THAN_MAJORITY("no better than always the same answer"),
  /** Its loss became infinite or no number. */
  LOSS_NOT_FINITE("loss not finite");

  /** One-sided. */
  private static final double LEVEL = 0.05;

  private final String words;

  Learnt(String words) {
    this.words = words;
  }

  /** Returns the finding in a few words. */
  public String words() {
    return words;
  }

  /**
   * Judges a round. It is better than the majority where a guesser with the majority's chance of
   * success would be right as often in at most 5 of 100 cases, by the binomial distribution.
   *
   * @param correct test pairs answered rightly
   * @param pairs test pairs, at least 1
   * @param majority test pairs whose answer is the more frequent one
   * @param loss of the last epoch
   */
  public static Learnt of(int correct, int pairs, int majority, double loss) {
    if (correct < 0 || correct > pairs || majority > pairs || 2 * majority < pairs || pairs < 1) {
      throw new IllegalArgumentException(
          "Cannot have " + correct + " right and " + majority + " alike of " + pairs + " pairs");
    }
    if (!Double.isFinite(loss)) {
      return LOSS_NOT_FINITE;
    }
    return guessing(correct, pairs, majority) <= LEVEL ? YES : NO_BETTER_THAN_MAJORITY;
  }

  /** Returns the chance of at least so many right by guessing: P(X ≥ k) = Iₚ(k, n − k + 1). */
  static double guessing(int correct, int pairs, int majority) {
    return correct == 0
        ? 1
        : IncompleteBeta.of(
            (double) majority / pairs,
            (double) (pairs - majority) / pairs,
            correct,
            pairs - correct + 1.0);
  }
}
