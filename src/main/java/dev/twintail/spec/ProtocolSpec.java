package dev.twintail.spec;

import dev.twintail.network.DigitRelation;
import dev.twintail.network.FrozenWord;
import dev.twintail.network.Loss;
import dev.twintail.network.WholeRange;

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
    RoundStart start,
    Loss.DigitLosses digitLosses,
    DigitRelation comparison,
    Accuracy accuracy,
    Deviation deviation,
    int tables) {
  static final WholeRange TABLES = new WholeRange(1, 1_000);

  /** Fresh data and weights every round, plain losses, accuracy = correct / pairs, ddof 1. */
  public static final ProtocolSpec CORRECTED =
      new ProtocolSpec(
          Draw.EVERY_ROUND,
          Draw.EVERY_ROUND,
          RoundStart.FRESH,
          Loss.DigitLosses.CROSS_ENTROPY,
          DigitRelation.AT_MOST,
          Accuracy.PAIRS,
          Deviation.SAMPLE,
          1);

  public ProtocolSpec {
    TABLES.require("tables", tables);
  }

  /** Returns what the rounds of one table have in common. */
  public SharedAcrossRounds shared() {
    if (start == RoundStart.PREVIOUS_ROUND) {
      return SharedAcrossRounds.WEIGHTS;
    }
    boolean fresh = trainingPairs == Draw.EVERY_ROUND && testPairs == Draw.EVERY_ROUND;
    return fresh ? SharedAcrossRounds.NOTHING : SharedAcrossRounds.DRAW;
  }

  /** What rounds of one table have in common. */
  public enum SharedAcrossRounds implements FrozenWord {
    NOTHING("NOTHING"),
    /** The pairs that are learnt, or those of the test; weights start anew. */
    DRAW("DRAW"),
    /** Pairs and weights: each round goes on from the one before. */
    WEIGHTS("WEIGHTS");

    private final String keyWord;

    SharedAcrossRounds(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /** Which round's draw of pairs a round uses. */
  public enum Draw implements FrozenWord {
    EVERY_ROUND("EVERY_ROUND"),
    /** That of the table's first, in all its rounds: these differ in weights and order alone. */
    FIRST_ROUND("FIRST_ROUND");

    private final String keyWord;

    Draw(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /** What a round's training starts from. */
  public enum RoundStart implements FrozenWord {
    FRESH("FRESH"),
    /** The weights that the round before ended with. */
    PREVIOUS_ROUND("PREVIOUS_ROUND");

    private final String keyWord;

    RoundStart(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /** How the predictions of a round make its accuracy. */
  public enum Accuracy implements FrozenWord {
    /** Correct pairs / pairs. */
    PAIRS("PAIRS"),
    /** The unweighted mean of the accuracies of batches, of which the last may be smaller. */
    BATCHES("BATCHES");

    private final String keyWord;

    Accuracy(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /** What the squares are divided by. */
  public enum Deviation implements FrozenWord {
    /** n − 1. */
    SAMPLE("SAMPLE"),
    /** n. */
    POPULATION("POPULATION");

    private final String keyWord;

    Deviation(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }
}
