package dev.twintail.spec;

import dev.twintail.network.FrozenWord;
import dev.twintail.network.RealRange;
import dev.twintail.spec.ProtocolSpec.Deviation;
import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import java.util.Optional;

/**
 * What a report claims of a model.
 *
 * @param split the pairs that the accuracy was measured on
 * @param accuracy mean accuracy, in percent
 * @param std standard deviation over the rounds, in percentage points; empty where none is told
 * @param deviation what the squares were divided by in {@code std}
 * @param rounds how many rounds it is the mean of
 * @param shared what these rounds had in common
 * @param where the place in the report, such as {@code Table 1}
 * @param standing whether it was made under the conditions of the experiment
 * @param remark how it is to be read; may be empty
 */
public record Published(
    Split split,
    double accuracy,
    Optional<Double> std,
    Deviation deviation,
    int rounds,
    SharedAcrossRounds shared,
    String where,
    ClaimStanding standing,
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

  /** Under which conditions a claim is judged: each has one name, here and wherever it is shown. */
  public enum Conditions implements FrozenWord {
    /** The protocol that all experiments share, with the report's models. */
    COMMON("COMMON", "common protocol"),
    /** The procedure that made the number, as far as it is known. */
    AS_RUN("AS_RUN", "as run"),
    /** Others than the claim is about: there is no verdict. */
    OTHER("OTHER", "other conditions");

    private final String keyWord;
    private final String words;

    Conditions(String keyWord, String words) {
      this.keyWord = keyWord;
      this.words = words;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }

    /** Returns the name for people. */
    public String words() {
      return words;
    }
  }

  /**
   * Where a claim stands.
   *
   * @param why what differs; empty but for {@link Conditions#OTHER}
   */
  public record ClaimStanding(Conditions conditions, String why) {
    /** Of a claim about models in the common protocol. */
    public static final ClaimStanding COMMON = new ClaimStanding(Conditions.COMMON, "");

    static final ClaimStanding AS_RUN = new ClaimStanding(Conditions.AS_RUN, "");

    static ClaimStanding other(String why) {
      return new ClaimStanding(Conditions.OTHER, why);
    }
  }

  public Published {
    PERCENT.require("accuracy", accuracy);
    std.ifPresent(s -> PERCENT.require("std", s));
    Experiment.ROUNDS.require("rounds", rounds);
  }
}
