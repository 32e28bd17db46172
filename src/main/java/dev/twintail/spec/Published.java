package dev.twintail.spec;

import dev.twintail.network.FrozenWord;
import dev.twintail.network.RealRange;
import java.util.Optional;

/**
 * What a report claims of a model.
 *
 * @param split the pairs that the accuracy was measured on
 * @param accuracy mean accuracy, in percent
 * @param std standard deviation over the rounds, in percentage points; empty where none is told
 * @param rounds how many rounds it is the mean of
 * @param where the place in the report, such as {@code Table 1}
 * @param remark why it cannot be reproduced as it stands, or how it is to be read; may be empty
 */
public record Published(
    Split split,
    double accuracy,
    Optional<Double> std,
    int rounds,
    String where,
    Optional<String> remark) {
  static final RealRange PERCENT = new RealRange(0, 100, RealRange.Ends.BOTH);

  /** Pairs that an accuracy is measured on. */
  public enum Split implements FrozenWord {
    TEST("TEST"),
    TRAIN("TRAIN");

    private final String keyWord;

    Split(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  public Published {
    PERCENT.require("accuracy", accuracy);
    std.ifPresent(s -> PERCENT.require("std", s));
    Experiment.ROUNDS.require("rounds", rounds);
  }

  /** Returns a claim about the test pairs. */
  public static Published test(double accuracy, double std, int rounds, String where) {
    return new Published(Split.TEST, accuracy, Optional.of(std), rounds, where, Optional.empty());
  }
}
