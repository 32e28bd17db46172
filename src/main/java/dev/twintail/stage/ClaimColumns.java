package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.spec.Published;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    return Table.builder(CollectResults.PUBLISHED_SCHEMA, CollectResults.PUBLISHED_VERSION)
        .metadata("margin", Double.toString(CollectResults.MARGIN / 100))
        .strings("model", texts(l -> l.claim().row().model()))
        .strings("split", texts(l -> word(l.published().split())))
        .strings("where", texts(l -> l.published().where()))
        .strings("conditions", texts(l -> l.published().standing().conditions().words()))
        .ints("published_n", ints(l -> l.published().rounds()))
        .strings("published_rounds_share", texts(l -> word(l.published().shared())))
        .doubles("published_mean", doubles(l -> l.claim().publishedMean()))
        .optionalDoubles("published_std", optional(l -> l.claim().publishedStd()))
        .strings("published_deviation", texts(l -> word(l.published().deviation())))
        .ints("n", ints(l -> l.claim().ours().size()))
        .ints("tables", ints(l -> l.claim().row().tables()))
        .strings("rounds_share", texts(l -> word(l.claim().row().shared())))
        .doubles("mean", doubles(l -> l.ours().mean()))
        .doubles("median", doubles(l -> Sample.median(l.claim().ours())))
        .optionalDoubles("std", optional(l -> deviation(l.claim().row(), l.ours())))
        .ints("idle", ints(l -> l.claim().idle()))
        .doubles("difference", doubles(l -> l.ours().mean() - l.claim().publishedMean()))
        .optionalDoubles(
            "difference_ci95_low", optional(l -> l.found().difference().map(i -> i.low() / 100)))
        .optionalDoubles(
            "difference_ci95_high", optional(l -> l.found().difference().map(i -> i.high() / 100)))
        .optionalDoubles("prediction_ci95_low", optional(l -> predicted(l).map(Interval::low)))
        .optionalDoubles("prediction_ci95_high", optional(l -> predicted(l).map(Interval::high)))
        .strings("verdict", texts(l -> l.found().verdict()))
        .strings("reason", texts(l -> l.found().reason()))
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

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private List<String> texts(Function<ClaimLine, String> column) {
    return lines.stream().map(column).toList();
  }

  private int[] ints(Function<ClaimLine, Integer> column) {
    return lines.stream().mapToInt(column::apply).toArray();
  }

  private double[] doubles(Function<ClaimLine, Double> column) {
    return lines.stream().mapToDouble(column::apply).toArray();
  }

  private @Nullable Double[] optional(Function<ClaimLine, Optional<Double>> column) {
    @Nullable Double[] values = new @Nullable Double[lines.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(lines.get(i)).orElse(null);
    }
    return values;
  }
}
