package dev.twintail.stats;

import java.util.Optional;

/**
 * One claim and what we measured of it, ready for both questions.
 *
 * @param ours in the claim's unit
 * @param idle how many of our rounds did not learn
 * @param margin the largest difference that would not matter, above 0
 */
public record Judgement(Tables ours, int idle, Sample claim, double margin) {
  /**
   * Answers whether the procedure by which ours were made gives the claim. Where half of ours or
   * more did not learn, there is no telling: what they had to show is not in them.
   */
  public Prediction procedure() {
    if (isIdle()) {
      return Prediction.undecided(ours.all().n(), Undecided.NOT_LEARNT, sentence());
    }
    return Prediction.of(ours, claim, margin);
  }

  /**
   * Answers whether the claim holds under the protocol by which ours were made.
   *
   * @param theirs what the rounds of the claim have in common
   * @param asRun tables that we made as the claim was made; without them, and where its rounds
   *     share something, nothing tells how far its mean may be off
   */
  public Reproduction common(Sharing theirs, Optional<Tables> asRun) {
    Sample all = ours.all();
    if (isIdle()) {
      return Reproduction.none(sentence(), Undecided.NOT_LEARNT, margin);
    }
    if (theirs == Sharing.NOTHING) {
      return Reproduction.of(all, claim, margin);
    }
    Tables procedure =
        asRun
            .filter(tables -> tables.sharing() == theirs)
            .orElseGet(() -> Tables.single(theirs, claim.mean()));
    return Reproduction.of(all, claim, procedure, margin);
  }

  private boolean isIdle() {
    return 2 * idle >= ours.all().n();
  }

  private String sentence() {
    return idle
        + " of "
        + ours.all().n()
        + " rounds did not learn: they tell nothing of the claim.";
  }
}
