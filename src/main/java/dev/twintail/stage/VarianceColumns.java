package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import dev.twintail.stats.VarianceComponents;
import dev.twintail.stats.VarianceComponents.Component;
import java.util.ArrayList;
import java.util.List;

/** The rows of {@link CollectResults#VARIANCE}, in percentage points. */
final class VarianceColumns {
  private record VarianceLine(
      CollectResults.ResultRow row, VarianceComponents components, Component component) {}

  private final List<VarianceLine> lines = new ArrayList<>();

  static boolean hasSources(CollectResults.ResultRow row) {
    return row.shared() == SharedAcrossRounds.DRAW && row.tables() > 1;
  }

  /** Adds the sources of a model's variance, where it has tables whose rounds share a draw. */
  void add(CollectResults.ResultRow row, List<Double> accuracies) {
    if (hasSources(row)) {
      VarianceComponents.nested(row.tables(accuracies.stream().map(a -> 100 * a).toList()))
          .value()
          .ifPresent(
              found -> found.components().forEach(c -> lines.add(new VarianceLine(row, found, c))));
    }
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  Table table() {
    return new RowTable<>(Table.builder("variance", 1), lines)
        .strings("model", l -> l.row().model())
        .ints("tables", l -> l.row().tables())
        .ints("rounds", l -> l.row().roundsEach())
        .strings("source", l -> l.component().source().words())
        .doubles("degrees", l -> l.component().degrees())
        .doubles("variance", l -> l.component().variance())
        .doubles("variance_ci95_low", l -> l.component().interval95().low())
        .doubles("variance_ci95_high", l -> l.component().interval95().high())
        .doubles("std", l -> l.component().std())
        .doubles("share", l -> l.components().share(l.component()))
        .build();
  }
}
