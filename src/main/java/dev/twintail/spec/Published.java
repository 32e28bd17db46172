package dev.twintail.spec;

/**
 * What a report claims of a model.
 *
 * @param accuracy mean test accuracy, in percent
 * @param std standard deviation over the rounds, in percentage points
 * @param rounds how many rounds it is the mean of
 * @param where the place in the report, such as {@code Table 1}
 */
public record Published(double accuracy, double std, int rounds, String where) {
  static final RealRange PERCENT = new RealRange(0, 100, RealRange.Ends.BOTH);

  public Published {
    PERCENT.require("accuracy", accuracy);
    PERCENT.require("std", std);
    Experiment.ROUNDS.require("rounds", rounds);
  }
}
