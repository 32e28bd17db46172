package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.stats.Differences.Zeros;
import dev.twintail.stats.SignificanceTest.Method;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link StatisticsTest} does not compare: rounding, words, and what draws. */
class DifferencesTest {
  private static final int DRAWS = 99_999;
  private static final Resampling RESAMPLING = new Resampling(1, DRAWS);

  /** In doubles 0.87 − 0.86, 0.9 − 0.89 and 0.91 − 0.9 are three numbers. */
  @Test
  void between_equalDifferencesOfDecimals_areTies() {
    Differences differences =
        Differences.between(List.of(0.87, 0.90, 0.91, 0.89), List.of(0.86, 0.89, 0.90, 0.90));

    double size = Math.abs(differences.values().get(0));
    assertThat(differences.values()).containsExactly(size, size, size, -size);
    assertThat(size).isCloseTo(0.01, within(1e-15));
    assertThat(differences.wilcoxon(Zeros.DROPPED).remark())
        .isEqualTo("Tied sizes share their mean rank.");
  }

  @Test
  void between_roundingErrorsOnly_areZeros() {
    Differences differences = Differences.between(List.of(0.1 + 0.2, 0.9), List.of(0.3, 0.9));

    assertThat(differences.values()).containsExactly(0.0, 0.0);
  }

  @Test
  void between_smallDifferencesOfLargeNumbers_areKept() {
    Differences differences =
        Differences.between(List.of(1e6 + 0.001, 1e6 + 0.002), List.of(1e6, 1e6));

    assertThat(differences.values().get(0)).isCloseTo(0.001, within(1e-9));
    assertThat(differences.values().get(1)).isCloseTo(0.002, within(1e-9));
  }

  @Test
  void between_otherNumbersOfRounds_isRefused() {
    assertThatThrownBy(() -> Differences.between(List.of(0.9, 0.8), List.of(0.9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot pair 2 rounds with 1");
    assertThatThrownBy(() -> Differences.between(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot summarise no values");
  }

  @Test
  void between_swapped_changesSignsOnly() {
    List<Double> first = List.of(0.87, 0.85, 0.88, 0.9, 0.86);
    List<Double> second = List.of(0.86, 0.86, 0.85, 0.9, 0.82);
    Differences one = Differences.between(first, second);
    Differences other = Differences.between(second, first);

    assertThat(other.sample().mean()).isEqualTo(-one.sample().mean());
    assertThat(other.pairedT().p()).isEqualTo(one.pairedT().p());
    assertThat(other.wilcoxon(Zeros.DROPPED).p()).isEqualTo(one.wilcoxon(Zeros.DROPPED).p());
    assertThat(other.signFlip(RESAMPLING).p()).isEqualTo(one.signFlip(RESAMPLING).p());
    assertThat(other.superiority().probability())
        .isCloseTo(1 - one.superiority().probability(), within(1e-15));
  }

  @Test
  void everyTest_oneRound_hasNoNumberWithoutWords() {
    Differences one = Differences.between(List.of(0.9), List.of(0.88));
    String reason = "One round has no spread; at least 2 are needed.";

    assertThat(one.sample().interval95()).isEqualTo(Answer.none(reason));
    assertThat(one.correctedInterval95(1)).isEqualTo(Answer.none(reason));
    assertThat(one.pairedT()).isEqualTo(SignificanceTest.none(Method.PAIRED_T, 1, reason));
    assertThat(one.correctedT(1)).isEqualTo(SignificanceTest.none(Method.CORRECTED_T, 1, reason));
    assertThat(one.wilcoxon(Zeros.DROPPED).refusal(0.05))
        .contains(
            "The exact Wilcoxon signed-rank test cannot reach 0.05 with 1 round that has a"
                + " difference: its smallest p is 1; 6 such rounds could.");
  }

  @Test
  void everyTest_sameDifferenceInAllRounds_hasNoTAndSaysSo() {
    Differences same =
        Differences.between(
            List.of(0.9, 0.91, 0.92, 0.93, 0.87, 0.5), List.of(0.89, 0.9, 0.91, 0.92, 0.86, 0.49));

    assertThat(same.pairedT().p()).isEmpty();
    assertThat(same.pairedT().remark())
        .isEqualTo(
            "The difference is 0.01 in all 6 rounds: without spread there is no t. The exact tests"
                + " still count signs.");
    assertThat(same.correctedT(0.5).remark()).isEqualTo(same.pairedT().remark());
    assertThat(same.correctedInterval95(0.5)).isEqualTo(same.sample().interval95());
    assertThat(same.sample().interval95().remark())
        .isEqualTo("All 6 rounds agree: the interval has no width.");
    assertThat(same.wilcoxon(Zeros.DROPPED).p()).contains(0.03125);
    assertThat(same.signFlip(RESAMPLING).p()).contains(0.03125);
  }

  @Test
  void everyTest_noDifferenceInAnyRound_saysSo() {
    Differences none = Differences.between(List.of(0.9, 0.8, 0.7), List.of(0.9, 0.8, 0.7));

    assertThat(none.pairedT().p()).isEmpty();
    for (SignificanceTest test :
        List.of(
            none.wilcoxon(Zeros.DROPPED), none.wilcoxon(Zeros.RANKED), none.signFlip(RESAMPLING))) {
      assertThat(test.p()).contains(1.0);
      assertThat(test.smallestP()).isEqualTo(1);
      assertThat(test.remark()).isEqualTo("No round has a difference.");
    }
    assertThat(none.superiority()).isEqualTo(new Superiority(0, 3, 0));
  }

  @Test
  void wilcoxon_zeros_namesWhatBecomesOfThem() {
    Differences differences =
        Differences.between(List.of(0.9, 0.91, 0.94, 0.9), List.of(0.9, 0.9, 0.92, 0.9));

    assertThat(differences.wilcoxon(Zeros.DROPPED).remark())
        .isEqualTo("2 rounds without a difference are left out.");
    assertThat(differences.wilcoxon(Zeros.DROPPED).n()).isEqualTo(2);
    assertThat(differences.wilcoxon(Zeros.RANKED).remark())
        .isEqualTo("2 rounds without a difference are ranked and then ignored (Pratt).");
    assertThat(differences.signFlip(RESAMPLING).remark())
        .isEqualTo("2 rounds without a difference are the same under either sign.");
  }

  /** A third program: the library's own exact test, which takes no ties. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 10, 20, 40, 100})
  void wilcoxon_noTies_isThatOfTheLibrary(int n) {
    double[] values = IntStream.rangeClosed(1, n).mapToDouble(i -> i % 3 == 0 ? -i : i).toArray();
    Differences differences =
        Differences.of(IntStream.range(0, n).mapToObj(i -> values[i]).toList(), n);

    assertThat(differences.wilcoxon(Zeros.DROPPED).p().orElseThrow())
        .isCloseTo(
            WilcoxonSignedRankTest.withDefaults().with(PValueMethod.EXACT).test(values).getPValue(),
            within(1e-12));
  }

  /** 1,030 rounds: 2¹⁰³⁰ patterns are more than a double can count. */
  @Test
  void wilcoxon_manyRounds_doesNotOverflow() {
    List<Double> values = IntStream.rangeClosed(1, 1030).mapToObj(i -> (double) i).toList();
    List<Double> balanced = values.stream().map(v -> v % 4 == 0 || v % 4 == 1 ? v : -v).toList();

    assertThat(Differences.of(values, 1030).wilcoxon(Zeros.DROPPED).p().orElseThrow())
        .isBetween(0.0, 1e-300);
    assertThat(Differences.of(balanced, 1030).wilcoxon(Zeros.DROPPED).p().orElseThrow())
        .isCloseTo(1, within(1e-9));
  }

  @ParameterizedTest
  @EnumSource(Zeros.class)
  void wilcoxon_allBetter_isTheSmallestP(Zeros zeros) {
    for (int n = 1; n <= 12; n++) {
      SignificanceTest test =
          Differences.between(Collections.nCopies(n, 0.9), ascending(n)).wilcoxon(zeros);

      assertThat(test.p()).contains(Math.pow(2, 1 - n));
      assertThat(test.smallestP()).isEqualTo(Math.pow(2, 1 - n));
    }
  }

  private static List<Double> ascending(int n) {
    return IntStream.rangeClosed(1, n).mapToObj(i -> i / 100.0).toList();
  }

  @Test
  void signFlip_twentyDifferences_countsAndMoreDraw() {
    SignificanceTest counted = Differences.of(ascending(20), 1).signFlip(RESAMPLING);
    SignificanceTest drawn = Differences.of(ascending(21), 1).signFlip(RESAMPLING);

    assertThat(counted.method()).isEqualTo(Method.SIGN_FLIP_EXACT);
    assertThat(counted.p()).contains(Math.pow(2, -19));
    assertThat(drawn.method()).isEqualTo(Method.SIGN_FLIP_SAMPLED);
    assertThat(drawn.p()).contains(1 / 100_000.0);
    assertThat(drawn.remark())
        .isEqualTo(
            "99999 patterns of signs were drawn, not all counted; standard error of p 0.00001.");
  }

  @Test
  void signFlip_sampled_dependsOnTheSeedAlone() {
    List<Double> values = IntStream.range(0, 30).mapToObj(i -> (i * 7 % 31 - 13) / 100.0).toList();
    Differences differences = Differences.of(values, 1);

    assertThat(differences.signFlip(new Resampling(5, DRAWS)))
        .isEqualTo(differences.signFlip(new Resampling(5, DRAWS)));
    assertThat(differences.signFlip(new Resampling(5, DRAWS)).p())
        .isNotEqualTo(differences.signFlip(new Resampling(6, DRAWS)).p());
  }

  @Test
  void correctedT_anyRatio_isMoreCautiousThanPairedT() {
    Differences differences =
        Differences.between(List.of(0.98, 0.97, 0.99), List.of(0.96, 0.96, 0.96));
    Interval plain = differences.sample().interval95().value().orElseThrow();

    double before = differences.pairedT().p().orElseThrow();
    for (double ratio : new double[] {0.01, 0.1, 1, 10}) {
      double p = differences.correctedT(ratio).p().orElseThrow();
      Interval interval = differences.correctedInterval95(ratio).value().orElseThrow();

      assertThat(p).isGreaterThan(before);
      assertThat(interval.low()).isLessThan(plain.low());
      assertThat(interval.contains(0)).isEqualTo(p > 0.05);
      before = p;
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void correctedT_impossibleRatio_isRefused(double ratio) {
    Differences differences = Differences.between(List.of(0.9, 0.8), List.of(0.7, 0.8));

    assertThatThrownBy(() -> differences.correctedT(ratio))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot have " + ratio + " test pairs a train pair");
  }

  @Test
  void pairedT_twoRounds_isNotRefused() {
    SignificanceTest test = Differences.between(List.of(0.9, 0.93), List.of(0.88, 0.9)).pairedT();

    assertThat(test.refusal(0.05)).isEqualTo(Optional.empty());
    assertThat(test.smallestP()).isZero();
  }
}
