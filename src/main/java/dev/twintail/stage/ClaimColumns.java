package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.spec.Published;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of {@link CollectResults#PUBLISHED}; accuracies are fractions of 1. */
final class ClaimColumns {
  private record ClaimLine(ClaimVerdict claim, ClaimVerdict.ClaimJudgement found) {
    Published published() {
      return claim.claim();
    }

    Sample ours() {
      return Sample.of(claim.ours());
    }
  }

  private final List<ClaimLine> lines = new ArrayList<>();

  void add(ClaimVerdict claim) {
    lines.add(new ClaimLine(claim, claim.found()));
  }

  Table table() {
    Table.Builder table =
        Table.builder(CollectResults.PUBLISHED_SCHEMA, CollectResults.PUBLISHED_VERSION)
            .metadata("margin", Double.toString(CollectResults.MARGIN / 100));
    return new RowTable<>(table, lines)
        .strings("model", l -> l.claim().row().model())
        .strings("split", l -> l.published().split().word())
        .strings("where", l -> l.published().where())
        .strings("conditions", l -> l.published().standing().conditions().words())
        .ints("published_n", l -> l.published().rounds())
        .strings("published_rounds_share", l -> l.published().shared().word())
        .doubles("published_mean", l -> l.claim().publishedMean())
        .optionalDoubles("published_std", l -> l.claim().publishedStd())
        .strings("published_deviation", l -> l.published().deviation().word())
        .ints("n", l -> l.claim().ours().size())
        .ints("tables", l -> l.claim().row().tables())
        .strings("rounds_share", l -> l.claim().row().shared().word())
        .doubles("mean", l -> l.ours().mean())
        .doubles("median", l -> Sample.median(l.claim().ours()))
        .optionalDoubles("std", l -> deviation(l.claim().row(), l.ours()))
        .ints("idle", l -> l.claim().idle())
        .doubles("difference", l -> l.ours().mean() - l.claim().publishedMean())
        .optionalDoubles("difference_ci95_low", l -> l.found().difference().map(i -> i.low() / 100))
        .optionalDoubles(
            "difference_ci95_high", l -> l.found().difference().map(i -> i.high() / 100))
        .optionalDoubles("prediction_ci95_low", l -> predicted(l).map(Interval::low))
        .optionalDoubles("prediction_ci95_high", l -> predicted(l).map(Interval::high))
        .strings("verdict", l -> l.found().verdict())
        .strings("reason", l -> l.found().reason())
        .build();
  }

  /** Returns the standard deviation as the protocol divides. */
  static Optional<Double> deviation(CollectResults.ResultRow row, Sample sample) {
    return switch (row.deviation()) {
      case SAMPLE -> sample.std();
      case POPULATION -> sample.populationStd();
    };
  }

  private static Optional<Interval> predicted(ClaimLine line) {
    return line.found()
        .prediction()
        .map(i -> new Interval(i.low() / 100, i.high() / 100).clippedTo(Interval.FRACTION));
  }
}
