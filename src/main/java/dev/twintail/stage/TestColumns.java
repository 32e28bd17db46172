package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.stats.Differences;
import dev.twintail.stats.Holm;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Resampling;
import dev.twintail.stats.SignificanceTest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A family of differences, one a row, each tested by every {@link TestedMethod}: the columns that
 * {@code comparisons.arrow} and {@code effects.arrow} share. Holm adjusts the p of each method over
 * the whole family.
 */
final class TestColumns {
  /** What the adjusted p of a family is held against. */
  static final double LEVEL = 0.05;

  /** Enough for the smallest p to pass Holm in a family of 500. */
  static final int DRAWS = 9_999;

  /** The exact Wilcoxon test takes time by the cube of the rounds. */
  static final int MOST_RANKED = 200;

  /** The tests, by their names in the tables. */
  private enum TestedMethod {
    PAIRED_T("paired_t"),
    WILCOXON("wilcoxon"),
    SIGN_FLIP("sign_flip"),
    CORRECTED_T("corrected_t");

    private final String label;

    TestedMethod(String label) {
      this.label = label;
    }

    private SignificanceTest test(Differences differences, CollectResults.Tests tests) {
      return switch (this) {
        case PAIRED_T -> differences.pairedT();
        case WILCOXON -> wilcoxon(differences);
        case SIGN_FLIP -> differences.signFlip(new Resampling(tests.seed(), DRAWS));
        case CORRECTED_T -> differences.correctedT(tests.testToTrain());
      };
    }

    private static SignificanceTest wilcoxon(Differences differences) {
      int n = differences.values().size();
      return n <= MOST_RANKED
          ? differences.wilcoxon(Differences.Zeros.DROPPED)
          : new SignificanceTest(
              SignificanceTest.Method.WILCOXON_EXACT,
              n,
              Optional.empty(),
              Optional.empty(),
              1,
              "The exact Wilcoxon signed-rank test is not counted for more than "
                  + MOST_RANKED
                  + " rounds; the sign-flip test is drawn.");
    }
  }

  private final List<Differences> family;
  private final Map<TestedMethod, Holm> adjusted = new EnumMap<>(TestedMethod.class);
  private final CollectResults.Tests tests;

  private TestColumns(List<Differences> family, CollectResults.Tests tests) {
    this.family = family;
    this.tests = tests;
    for (TestedMethod method : TestedMethod.values()) {
      adjusted.put(
          method, Holm.of(family.stream().map(d -> method.test(d, tests)).toList(), LEVEL));
    }
  }

  /** Returns the columns of a family. */
  static TestColumns of(List<Differences> family, CollectResults.Tests tests) {
    return new TestColumns(List.copyOf(family), tests);
  }

  /**
   * Adds the columns, and how they came about, to {@code table}.
   *
   * @param difference the name of the column of mean differences
   */
  Table.Builder addTo(Table.Builder table, String difference) {
    table
        .metadata("family", Integer.toString(family.size()))
        .metadata("draws", Integer.toString(DRAWS))
        .metadata("test_to_train", tests.testToTrainText());
    new RowTable<>(table, family)
        .ints("n", d -> d.values().size())
        .doubles(difference, d -> d.sample().mean());
    addInterval(table, "ci95", d -> d.sample().interval95().value());
    addInterval(table, "corrected_ci95", d -> d.correctedInterval95(tests.testToTrain()).value());
    adjusted.forEach(
        (method, holm) ->
            new RowTable<>(table, holm.tests())
                .optionalDoubles(method.label + "_p", t -> t.test().p())
                .optionalDoubles(method.label + "_p_holm", Holm.Adjusted::p));
    return table;
  }

  private void addInterval(
      Table.Builder table, String name, Function<Differences, Optional<Interval>> interval) {
    new RowTable<>(table, family.stream().map(interval).toList())
        .optionalDoubles(name + "_low", i -> i.map(Interval::low))
        .optionalDoubles(name + "_high", i -> i.map(Interval::high));
  }

  /**
   * Returns, for each difference, why tests of it could not have reached the level in this family,
   * whatever its rounds had shown; null where all could.
   */
  List<@Nullable String> refusals() {
    List<@Nullable String> refusals = new ArrayList<>();
    for (int i = 0; i < family.size(); i++) {
      // The two t tests give one reason where there is no spread.
      Set<String> reasons = new LinkedHashSet<>();
      for (Holm holm : adjusted.values()) {
        holm.tests().get(i).refusal().ifPresent(reasons::add);
      }
      refusals.add(reasons.isEmpty() ? null : String.join(" ", reasons));
    }
    return refusals;
  }
}
