package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import dev.twintail.stats.VarianceComponents;
import dev.twintail.stats.VarianceComponents.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The rows of {@link CollectResults#VARIANCE}, in percentage points. */
final class VarianceColumns {
  private record VarianceLine(
      CollectResults.ResultRow row, VarianceComponents components, Component component) {}

  private final List<VarianceLine> lines = new ArrayList<>();

  /** Adds the sources of a model's variance, where it has tables whose rounds share a draw. */
  void add(CollectResults.ResultRow row, List<Double> accuracies) {
    if (row.shared() == SharedAcrossRounds.DRAW && row.tables() > 1) {
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
    return Table.builder("variance", 1)
        .strings("model", lines.stream().map(l -> l.row().model()).toList())
        .ints("tables", lines.stream().mapToInt(l -> l.row().tables()).toArray())
        .ints("rounds", lines.stream().mapToInt(l -> l.row().roundsEach()).toArray())
        .strings("source", lines.stream().map(l -> l.component().source().words()).toList())
        .doubles("degrees", values(l -> l.component().degrees()))
        .doubles("variance", values(l -> l.component().variance()))
        .doubles("variance_ci95_low", values(l -> l.component().interval95().low()))
        .doubles("variance_ci95_high", values(l -> l.component().interval95().high()))
        .doubles("std", values(l -> l.component().std()))
        .doubles("share", values(l -> l.components().share(l.component())))
        .build();
  }

  private double[] values(ToDoubleFunction<VarianceLine> value) {
    return lines.stream().mapToDouble(value).toArray();
  }
}
