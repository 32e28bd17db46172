package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.spec.FactorialSpec;
import dev.twintail.stats.Differences;
import dev.twintail.stats.Factorial;
import dev.twintail.stats.Superiority;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares models round by round, where they were tested on the same pairs.
 *
 * @param models in the order of the spec
 */
record Comparisons(List<Measured> models, CollectResults.Tests tests) {
  /**
   * One model.
   *
   * @param pairs whose test pairs it was tested on, round 1 first
   * @param accuracies on them, one a round; of several tables the means, since rounds of a table
   *     may share something
   */
  record Measured(String name, List<GenerateData> pairs, List<Double> accuracies) {
    Measured {
      pairs = List.copyOf(pairs);
      accuracies = List.copyOf(accuracies);
    }

    /** Returns whether both saw the same pairs in every round. */
    boolean comparesWith(Measured other) {
      return pairs.equals(other.pairs) && accuracies.size() == other.accuracies.size();
    }
  }

  Comparisons {
    models = List.copyOf(models);
  }

  /** Returns {@link CollectResults#COMPARISONS}: every pair of models once. */
  Table pairs() {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    List<Differences> differences = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      for (int j = i + 1; j < models.size(); j++) {
        Measured a = models.get(i);
        Measured b = models.get(j);
        if (a.comparesWith(b)) {
          first.add(a.name());
          second.add(b.name());
          differences.add(Differences.between(a.accuracies(), b.accuracies()));
        }
      }
    }
    TestColumns columns = TestColumns.of(differences, tests);
    Table.Builder table =
        Table.builder(CollectResults.COMPARISONS_SCHEMA, CollectResults.COMPARISONS_VERSION)
            .strings("model_a", first)
            .strings("model_b", second);
    columns.addTo(table, "difference");
    return new RowTable<>(table, differences.stream().map(Differences::superiority).toList())
        .ints("wins", Superiority::wins)
        .ints("ties", Superiority::ties)
        .ints("losses", Superiority::losses)
        .doubles("superiority", Superiority::probability)
        .doubles("superiority_ci95_low", s -> s.interval95().low())
        .doubles("superiority_ci95_high", s -> s.interval95().high())
        .table()
        .optionalStrings("refusal", columns.refusals())
        .build();
  }

  /**
   * Returns {@link CollectResults#EFFECTS}, in percentage points; a design whose models were tested
   * on different pairs has none.
   */
  Table effects() {
    List<FactorialSpec> designs = new ArrayList<>();
    List<String> effects = new ArrayList<>();
    List<Differences> contrasts = new ArrayList<>();
    for (FactorialSpec design : tests.factorials()) {
      List<Measured> cells = design.models().stream().map(this::model).toList();
      if (cells.stream().allMatch(cells.get(0)::comparesWith)) {
        effectsOf(cells)
            .forEach(
                (effect, contrast) -> {
                  designs.add(design);
                  effects.add(effect);
                  contrasts.add(contrast);
                });
      }
    }
    TestColumns columns = TestColumns.of(contrasts, tests);
    Table.Builder table =
        Table.builder(CollectResults.EFFECTS_SCHEMA, CollectResults.EFFECTS_VERSION)
            .strings("design", designs.stream().map(FactorialSpec::name).toList())
            .strings("effect", effects)
            .strings("neither", designs.stream().map(FactorialSpec::neither).toList())
            .strings("sharing", designs.stream().map(FactorialSpec::sharing).toList())
            .strings("auxiliary", designs.stream().map(FactorialSpec::auxiliary).toList())
            .strings("both", designs.stream().map(FactorialSpec::both).toList());
    return columns.addTo(table, "estimate").optionalStrings("refusal", columns.refusals()).build();
  }

  /**
   * @param cells neither, sharing, auxiliary, both
   */
  private static Map<String, Differences> effectsOf(List<Measured> cells) {
    Factorial factorial =
        new Factorial(
            points(cells.get(0)), points(cells.get(1)), points(cells.get(2)), points(cells.get(3)));
    Map<String, Differences> effects = new LinkedHashMap<>();
    effects.put("sharing", factorial.effectOfSharing());
    effects.put("auxiliary", factorial.effectOfAuxiliary());
    effects.put("interaction", factorial.interaction());
    return effects;
  }

  private static List<Double> points(Measured cell) {
    return cell.accuracies().stream().map(a -> 100 * a).toList();
  }

  private Measured model(String name) {
    return models.stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Cannot find the model " + name));
  }
}
