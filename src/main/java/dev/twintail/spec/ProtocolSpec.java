package dev.twintail.spec;

/**
 * How the rounds of a model are run and measured. {@link #CORRECTED} is what all models of all
 * reports have in common; every other value is a quirk of the code that produced published numbers,
 * switched on by name.
 *
 * @param trainingPairs of which round a model learns the pairs
 * @param testPairs of which round a model is tested on the pairs
 * @param start what a round's training starts from
 * @param digitLosses what the digit losses are computed of
 * @param comparison what the arithmetic head answers yes to
 * @param accuracy how the predictions of a round make its accuracy
 * @param deviation what the squares are divided by in the standard deviation over the rounds
 * @param tables how often all rounds are run, each time with everything new; 1 or more
 */
public record ProtocolSpec(
    Draw trainingPairs,
    Draw testPairs,
    Start start,
    DigitLosses digitLosses,
    Comparison comparison,
    Accuracy accuracy,
    Deviation deviation,
    int tables) {
  static final WholeRange TABLES = new WholeRange(1, 1_000);

  /** Fresh data and weights every round, plain losses, accuracy = correct / pairs, ddof 1. */
  public static final ProtocolSpec CORRECTED =
      new ProtocolSpec(
          Draw.EVERY_ROUND,
          Draw.EVERY_ROUND,
          Start.FRESH,
          DigitLosses.CROSS_ENTROPY,
          Comparison.AT_MOST,
          Accuracy.PAIRS,
          Deviation.SAMPLE,
          1);

  public ProtocolSpec {
    TABLES.require("tables", tables);
  }

  /** Returns what the rounds of one table have in common. */
  public Shared shared() {
    if (start == Start.PREVIOUS_ROUND) {
      return Shared.WEIGHTS;
    }
    boolean fresh = trainingPairs == Draw.EVERY_ROUND && testPairs == Draw.EVERY_ROUND;
    return fresh ? Shared.NOTHING : Shared.DRAW;
  }

  /** What rounds of one table have in common. */
  public enum Shared {
    NOTHING,
    /** The pairs that are learnt, or those of the test; weights start anew. */
    DRAW,
    /** Pairs and weights: each round goes on from the one before. */
    WEIGHTS
  }

  /** Which round's draw of pairs a round uses. */
  public enum Draw {
    EVERY_ROUND,
    /** That of the table's first, in all its rounds: these differ in weights and order alone. */
    FIRST_ROUND
  }

  /** What a round's training starts from. */
  public enum Start {
    FRESH,
    /** The weights that the round before ended with. */
    PREVIOUS_ROUND
  }

  /** What the digit losses are computed of. */
  public enum DigitLosses {
    CROSS_ENTROPY,
    /** Cross-entropy that takes softmax outputs for logits, so that softmax is applied twice. */
    DOUBLE_SOFTMAX
  }

  /** What the arithmetic head answers yes to. */
  public enum Comparison {
    AT_MOST,
    /** digit 1 &lt; digit 2, so that every correctly read tie counts as an error. */
    LESS
  }

  /** How the predictions of a round make its accuracy. */
  public enum Accuracy {
    /** Correct pairs / pairs. */
    PAIRS,
    /** The unweighted mean of the accuracies of batches, of which the last may be smaller. */
    BATCHES
  }

  /** What the squares are divided by. */
  public enum Deviation {
    /** n − 1. */
    SAMPLE,
    /** n. */
    POPULATION
  }
}
