package dev.twintail.stats;

import java.util.Optional;

/**
 * Whether a published number holds under our protocol, and why we say so. Whether its own procedure
 * gives it is another question: {@link Prediction}.
 *
 * <p>The margin decides first: a difference that is shown to be smaller is a reproduction, even
 * where so many rounds were run that it is surely not 0. Else a 95 % interval that leaves out 0 is
 * a difference. What is left is undecided: the data show neither.
 *
 * @param reason one sentence or two, with the numbers that decided, in units of the measurement
 * @param comparison empty where neither side has a standard deviation
 * @param equivalence empty where the comparison is
 * @param undecided why nothing was compared; then the verdict is inconclusive
 */
public record Reproduction(
    ReproductionVerdict verdict,
    String reason,
    Optional<Comparison> comparison,
    Optional<Equivalence> equivalence,
    Optional<Undecided> undecided) {

  /** What became of the claim. */
  public enum ReproductionVerdict {
    /** The difference is shown to be smaller than the margin. */
    REPRODUCED("reproduced"),
    /** We are above the claim, and not shown to be within the margin. */
    ABOVE("above"),
    /** We are below the claim, and not shown to be within the margin. */
    BELOW("below"),
    /** Neither a difference nor agreement within the margin is shown. */
    INCONCLUSIVE("inconclusive");

    private final String word;

    ReproductionVerdict(String word) {
      this.word = word;
    }

    /** Returns the verdict as tables have it: a word that never changes. */
    public String word() {
      return word;
    }
  }

  /**
   * Compares our rounds with a claim; neither share anything. Under three rounds of ours there is
   * no verdict.
   *
   * @param margin the largest difference that would not matter, stated before the run; above 0
   */
  public static Reproduction of(Sample ours, Sample claim, double margin) {
    if (ours.n() < Tables.FEWEST) {
      return none(ours, margin);
    }
    Answer<Comparison> answer = Comparison.of(ours, claim);
    if (answer.value().isEmpty()) {
      return none(
          "Nothing tells how far rounds scatter. " + answer.remark(), Undecided.NO_SPREAD, margin);
    }
    return of(answer.value().get(), answer.remark(), margin);
  }

  /**
   * Compares our rounds, which share nothing, with the mean of a table. Where the rounds of such a
   * table share something, its mean varies as the means of tables do, not as its rounds let think.
   *
   * @param claim the mean of one table, with its rounds
   * @param procedure tables of the same model that we made as the claim was made
   * @param margin as above
   */
  public static Reproduction of(Sample ours, Sample claim, Tables procedure, double margin) {
    if (procedure.sharing() == Sharing.NOTHING) {
      return of(ours, claim, margin);
    }
    if (ours.n() < Tables.FEWEST) {
      return none(ours, margin);
    }
    Optional<Undecided> lack = procedure.lack(claim);
    if (lack.isPresent()) {
      return none(procedure.sentence(lack.get()), lack.get(), margin);
    }
    Sample means = procedure.means(procedure.roundsLike(claim));
    return of(
        Comparison.withTable(ours, claim.mean(), means),
        "Their mean is taken to vary as the means of our %s tables do, which share %s."
            .formatted(means.n(), procedure.sharing().words()),
        margin);
  }

  private static Reproduction none(Sample ours, double margin) {
    String rounds = ours.n() == 1 ? "is 1 round." : "are " + ours.n() + " rounds.";
    return none(
        "No verdict under " + Tables.FEWEST + " rounds; there " + rounds,
        Undecided.TOO_FEW_ROUNDS,
        margin);
  }

  static Reproduction none(String reason, Undecided undecided, double margin) {
    Equivalence.requireMargin(margin);
    return new Reproduction(
        ReproductionVerdict.INCONCLUSIVE,
        reason,
        Optional.empty(),
        Optional.empty(),
        Optional.of(undecided));
  }

  private static Reproduction of(Comparison comparison, String remark, double margin) {
    Equivalence equivalence = comparison.equivalence(margin);
    ReproductionVerdict verdict = verdict(comparison, equivalence);
    String reason = sentence(verdict, comparison, equivalence) + " " + remark;
    return new Reproduction(
        verdict,
        reason.strip(),
        Optional.of(comparison),
        Optional.of(equivalence),
        Optional.empty());
  }

  private static ReproductionVerdict verdict(Comparison comparison, Equivalence equivalence) {
    if (equivalence.isShown()) {
      return ReproductionVerdict.REPRODUCED;
    }
    return switch (comparison.verdict()) {
      case ABOVE -> ReproductionVerdict.ABOVE;
      case BELOW -> ReproductionVerdict.BELOW;
      case CONSISTENT -> ReproductionVerdict.INCONCLUSIVE;
    };
  }

  private static String sentence(
      ReproductionVerdict verdict, Comparison comparison, Equivalence equivalence) {
    String difference = "The difference, " + new Figure(comparison.difference()) + ", ";
    String within = "±" + new Figure(equivalence.margin());
    if (comparison.standardError() == 0) {
      return difference + (equivalence.isShown() ? "is within " : "is not within ") + within + ".";
    }
    String interval95 = comparison.interval95().words();
    String interval90 = equivalence.interval90().words();
    String p = equivalence.p().map(value -> " (TOST p " + new Figure(value) + ")").orElse("");
    return switch (verdict) {
      case REPRODUCED ->
          difference
              + "is shown to be within "
              + within
              + ": its 90 % interval is "
              + interval90
              + p
              + (comparison.interval95().contains(0)
                  ? "."
                  : "; it is not 0, but too small to matter.");
      case ABOVE, BELOW ->
          "%sis %s 0: its 95 %% interval is %s, and it is not shown to be within %s%s."
              .formatted(
                  difference,
                  verdict == ReproductionVerdict.ABOVE ? "above" : "below",
                  interval95,
                  within,
                  p);
      case INCONCLUSIVE ->
          ("%smay be 0, since its 95 %% interval is %s, but is not shown to be"
                  + " within %s%s; more rounds would tell.")
              .formatted(difference, interval95, within, p);
    };
  }
}
