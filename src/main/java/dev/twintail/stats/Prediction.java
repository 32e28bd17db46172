package dev.twintail.stats;

import java.util.Optional;

/**
 * Whether a procedure gives a published number: the claim against the interval that would hold one
 * more mean of the kind, made by the same procedure, in 95 of 100 cases.
 *
 * <p>Where the rounds of a table share something, a table is one observation. With T tables of mean
 * m and deviation s between their means the interval is m ± t(0.975, T − 1) · s · √(1 + 1 / T); the
 * published deviation, which is of the rounds within one table, says nothing of that and is not
 * used. Tables longer than the claim's count with their first rounds, as many as the claim has.
 *
 * <p>Where rounds share nothing, the interval is that of {@link Comparison#of}: Welch's, from our
 * rounds and theirs, or, without a published deviation, the interval for the mean of as many more
 * rounds as theirs.
 *
 * @param interval95 for one more mean; not clipped, see {@link Interval#clippedTo}
 * @param observations the tables, or rounds, of ours that the interval comes from
 * @param undecided why there is no verdict; present exactly with {@link
 *     PredictionVerdict#UNDECIDED}
 * @param reason one sentence or two, with the numbers that decided
 * @see <a href="https://doi.org/10.1002/9781118594841">Meeker, Hahn and Escobar, Statistical
 *     Intervals, 2017</a>, chapter 4
 */
public record Prediction(
    PredictionVerdict verdict,
    Optional<Interval> interval95,
    int observations,
    Optional<Undecided> undecided,
    String reason) {

  /** Beyond so many margins on either side an interval tells nothing by holding a claim. */
  static final double WIDEST = 5;

  /** What became of the claim. */
  public enum PredictionVerdict {
    /** The procedure gives such numbers. */
    CONSISTENT("consistent"),
    /** The procedure gives more than the claim. */
    ABOVE("above"),
    /** The procedure gives less than the claim. */
    BELOW("below"),
    /** There is no telling. */
    UNDECIDED("undecided");

    private final String word;

    PredictionVerdict(String word) {
      this.word = word;
    }

    /** Returns the verdict as tables have it: a word that never changes. */
    public String word() {
      return word;
    }
  }

  public Prediction {
    if ((verdict == PredictionVerdict.UNDECIDED) != undecided.isPresent()) {
      throw new IllegalArgumentException("Cannot be " + verdict + " with " + undecided);
    }
  }

  /**
   * Judges a claim.
   *
   * @param ours made by the claim's own procedure
   * @param claim its rounds are those of one table
   * @param margin the largest difference that would not matter, above 0; an interval that reaches
   *     more than {@value #WIDEST} margins to either side is too wide to call a claim consistent
   */
  public static Prediction of(Tables ours, Sample claim, double margin) {
    Equivalence.requireMargin(margin);
    Optional<Undecided> lack = ours.lack(claim);
    if (lack.isPresent()) {
      int observations = ours.sharing() == Sharing.NOTHING ? ours.all().n() : ours.count();
      return undecided(observations, lack.get(), ours.sentence(lack.get()));
    }
    return ours.sharing() == Sharing.NOTHING
        ? ofRounds(ours, claim, margin)
        : ofTables(ours, claim, margin);
  }

  static Prediction undecided(int observations, Undecided why, String reason) {
    return new Prediction(
        PredictionVerdict.UNDECIDED, Optional.empty(), observations, Optional.of(why), reason);
  }

  private static Prediction ofTables(Tables ours, Sample claim, double margin) {
    int rounds = ours.roundsLike(claim);
    Sample means = ours.means(rounds);
    double half =
        new StudentT(means.n() - 1.0).quantile(Sample.CONFIDENCE)
            * means.std().orElseThrow()
            * Math.sqrt(1 + 1.0 / means.n());
    String one = "One more table, by " + means.n() + " tables of " + rounds(rounds) + ",";
    String remark =
        rounds < claim.n()
            ? "The claim's " + rounds(claim.n()) + " scatter less than ours: the interval is wide."
            : "";
    return judge(claim, Interval.around(means.mean(), half), means.n(), margin, one, remark);
  }

  private static Prediction ofRounds(Tables ours, Sample claim, double margin) {
    Sample all = ours.all();
    Answer<Comparison> comparison = Comparison.of(all, claim);
    double half = comparison.value().orElseThrow().halfWidth95();
    String one = rounds(claim.n()) + " more, by " + all.n() + " of ours";
    String theirs = claim.std().isPresent() ? " and the deviation of theirs," : ",";
    return judge(
        claim,
        Interval.around(all.mean(), half),
        all.n(),
        margin,
        one + theirs,
        comparison.remark());
  }

  private static Prediction judge(
      Sample claim, Interval interval, int observations, double margin, String one, String remark) {
    double half = (interval.high() - interval.low()) / 2;
    String would = one + " would have a mean in " + interval.words() + " (95 %)";
    String place = "; the claim is " + new Figure(claim.mean());
    Optional<Undecided> undecided = Optional.empty();
    PredictionVerdict verdict;
    String reason;
    if (half == 0) {
      undecided = Optional.of(Undecided.NO_SPREAD);
      verdict = PredictionVerdict.UNDECIDED;
      reason =
          "All %s agree on %s%s. Without spread nothing tells how far another mean may be."
              .formatted(observations, new Figure(interval.low()), place);
    } else if (!interval.contains(claim.mean())) {
      boolean above = interval.low() > claim.mean();
      verdict = above ? PredictionVerdict.ABOVE : PredictionVerdict.BELOW;
      reason = would + place + (above ? ", below that." : ", above that.");
    } else if (half > WIDEST * margin) {
      undecided = Optional.of(Undecided.TOO_WIDE);
      verdict = PredictionVerdict.UNDECIDED;
      reason =
          "%s%s. An interval of more than ±%s holds nearly any number."
              .formatted(would, place, new Figure(WIDEST * margin));
    } else {
      verdict = PredictionVerdict.CONSISTENT;
      reason = would + place + ", within.";
    }
    return new Prediction(
        verdict, Optional.of(interval), observations, undecided, (reason + " " + remark).strip());
  }

  private static String rounds(int n) {
    return n == 1 ? "1 round" : n + " rounds";
  }
}
