package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.spec.Published;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of {@link CollectResults#SUMMARY}; accuracies are fractions of 1. */
final class SummaryColumns {
  private record SummaryLine(
      CollectResults.ResultRow row,
      List<Double> accuracies,
      int idle,
      Optional<ClaimVerdict> claim,
      Optional<ClaimVerdict.ClaimJudgement> found) {
    Sample sample() {
      return Sample.of(accuracies);
    }

    /** Rounds of several tables are not independent; their tables are. */
    Optional<Interval> interval() {
      return Sample.of(row.units(accuracies))
          .interval95()
          .value()
          .map(i -> i.clippedTo(Interval.FRACTION));
    }

    Optional<Interval> difference() {
      return found.flatMap(ClaimVerdict.ClaimJudgement::difference);
    }
  }

  private final List<SummaryLine> lines = new ArrayList<>();

  /**
   * Adds a model.
   *
   * @param idle how many rounds did not learn
   * @param claims of the model, in the order of the spec; the first about test pairs is shown
   */
  void add(
      CollectResults.ResultRow row, List<Double> accuracies, int idle, List<ClaimVerdict> claims) {
    Optional<ClaimVerdict> claim =
        claims.stream().filter(c -> c.claim().split() == Published.Split.TEST).findFirst();
    lines.add(
        new SummaryLine(row, List.copyOf(accuracies), idle, claim, claim.map(ClaimVerdict::found)));
  }

  Table table() {
    Table.Builder table =
        Table.builder(CollectResults.SUMMARY_SCHEMA, CollectResults.SUMMARY_VERSION);
    return new RowTable<>(table, lines)
        .strings("model", l -> l.row().model())
        .ints("parameters", l -> l.row().parameters())
        .ints("tables", l -> l.row().tables())
        .ints("n", l -> l.sample().n())
        .ints("idle", SummaryLine::idle)
        .doubles("mean", l -> l.sample().mean())
        .doubles("median", l -> Sample.median(l.accuracies()))
        .optionalDoubles("std", l -> ClaimColumns.deviation(l.row(), l.sample()))
        .optionalDoubles("ci95_low", l -> l.interval().map(Interval::low))
        .optionalDoubles("ci95_high", l -> l.interval().map(Interval::high))
        .optionalDoubles("published_mean", l -> l.claim().map(ClaimVerdict::publishedMean))
        .optionalDoubles("published_std", l -> l.claim().flatMap(ClaimVerdict::publishedStd))
        .optionalDoubles("published_n", l -> l.claim().map(c -> (double) c.claim().rounds()))
        .optionalDoubles(
            "difference", l -> l.claim().map(c -> l.sample().mean() - c.publishedMean()))
        .optionalDoubles("difference_ci95_low", l -> l.difference().map(i -> i.low() / 100))
        .optionalDoubles("difference_ci95_high", l -> l.difference().map(i -> i.high() / 100))
        .strings(
            "verdict",
            l -> l.found().map(ClaimVerdict.ClaimJudgement::verdict).orElse("unpublished"))
        .build();
  }
}
