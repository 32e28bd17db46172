package dev.twintail.stage;

import dev.twintail.spec.ProtocolSpec.Deviation;
import dev.twintail.spec.Published;
import dev.twintail.spec.Published.Conditions;
import dev.twintail.stats.Comparison;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Judgement;
import dev.twintail.stats.Prediction;
import dev.twintail.stats.Reproduction;
import dev.twintail.stats.Sample;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What became of one claim in one experiment. An experiment in the common protocol answers whether
 * the number holds there; one as run answers whether the procedure gives it.
 *
 * @param ours accuracies of our rounds on the pairs of the claim, as fractions of 1
 * @param idle how many of these rounds did not learn
 */
record ClaimVerdict(CollectResults.ResultRow row, Published claim, List<Double> ours, int idle) {
  /** What an experiment says of a claim that is not about its conditions. */
  static final String NONE = Conditions.OTHER.words();

  ClaimVerdict {
    ours = List.copyOf(ours);
  }

  /** Verdict, reason and intervals, in percent. */
  record ClaimJudgement(
      String verdict,
      String reason,
      Optional<Interval> difference,
      Optional<Interval> prediction) {}

  /** Judges in percent, so that the reason reads as the reports do. */
  ClaimJudgement found() {
    Judgement judgement =
        new Judgement(
            row.tables(ours.stream().map(a -> 100 * a).toList()),
            idle,
            inPercent(),
            CollectResults.MARGIN);
    return switch (claim.standing().conditions()) {
      case COMMON -> {
        Reproduction answer =
            judgement.common(CollectResults.sharing(claim.shared()), Optional.empty());
        yield new ClaimJudgement(
            answer.verdict().word(),
            answer.reason(),
            answer.comparison().map(Comparison::interval95),
            Optional.empty());
      }
      case AS_RUN -> {
        Prediction answer = judgement.procedure();
        yield new ClaimJudgement(
            answer.verdict().word(), answer.reason(), Optional.empty(), answer.interval95());
      }
      case OTHER ->
          new ClaimJudgement(
              NONE,
              "No verdict: " + claim.standing().why() + ".",
              Optional.empty(),
              Optional.empty());
    };
  }

  /** Returns the claim with its deviation as if divided by n − 1. */
  private Sample inPercent() {
    if (claim.std().isEmpty()) {
      return Sample.published(claim.accuracy(), claim.rounds());
    }
    double std = claim.std().get();
    return claim.deviation() == Deviation.POPULATION
        ? Sample.publishedWithPopulationStd(claim.accuracy(), std, claim.rounds())
        : Sample.published(claim.accuracy(), std, claim.rounds());
  }

  /** Returns the claimed mean. */
  double publishedMean() {
    return fraction(claim.accuracy());
  }

  /** Returns the claimed deviation as it is printed; empty where none is, or of one round. */
  Optional<Double> publishedStd() {
    return claim.std().filter(s -> claim.rounds() > 1).map(ClaimVerdict::fraction);
  }

  /** Returns a claim as fractions of 1: 79.71 % is 0.7971, not the binary number next to it. */
  static double fraction(double percent) {
    return BigDecimal.valueOf(percent).movePointLeft(2).doubleValue();
  }
}
