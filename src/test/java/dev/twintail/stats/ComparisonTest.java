package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.stats.Comparison.ComparisonVerdict;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link StatisticsTest} does not compare: verdicts, words, and the lack of spread. */
class ComparisonTest {
  @ParameterizedTest
  @CsvSource({
    "0.8671, 0.0089, 10, 0.8604, 0.0105, 12, CONSISTENT",
    "0.985, 0.002, 10, 0.9745, 0.0053, 10, ABOVE",
    "0.91, 0.004, 10, 0.9745, 0.0053, 10, BELOW",
    "0.9, 0.03, 2, 0.9745, 0.0053, 10, CONSISTENT",
    "0.91, 0, 10, 0.9745, 0.0053, 10, BELOW",
  })
  void verdict_followsTheTest(
      double ourMean,
      double ourStd,
      int ourN,
      double theirMean,
      double theirStd,
      int theirN,
      ComparisonVerdict verdict) {
    Comparison comparison =
        Comparison.welch(
                Sample.published(ourMean, ourStd, ourN),
                Sample.published(theirMean, theirStd, theirN))
            .value()
            .orElseThrow();

    assertThat(comparison.verdict()).isEqualTo(verdict);
    assertThat(comparison.test().p().orElseThrow() <= 0.05)
        .isEqualTo(verdict != ComparisonVerdict.CONSISTENT);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10, 'Ours: One round has no spread; at least 2 are needed.'",
    "10, 1, 'Theirs: One round has no spread; at least 2 are needed.'",
    "1, 1, 'Ours: One round has no spread; at least 2 are needed.'"
  })
  void welch_oneRoundOnASide_saysSo(int ours, int theirs, String reason) {
    assertThat(
            Comparison.welch(Sample.published(0.9, 0.1, ours), Sample.published(0.8, 0.1, theirs)))
        .isEqualTo(Answer.none(reason));
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.9, CONSISTENT", "0.91, 0.9, ABOVE", "0.89, 0.9, BELOW"})
  void welch_noSpreadOnEitherSide_comparesTheMeans(
      double ours, double theirs, ComparisonVerdict verdict) {
    Comparison comparison =
        Comparison.welch(Sample.of(Collections.nCopies(10, ours)), Sample.published(theirs, 0, 10))
            .value()
            .orElseThrow();

    assertThat(comparison.interval95()).isEqualTo(new Interval(ours - theirs, ours - theirs));
    assertThat(comparison.verdict()).isEqualTo(verdict);
    assertThat(comparison.test().p()).isEmpty();
    assertThat(comparison.test().remark())
        .isEqualTo("Neither side varies over its rounds: without spread there is no t.");
    assertThat(comparison.equivalence(0.005).p()).isEmpty();
    assertThat(comparison.equivalence(0.005).isShown()).isEqualTo(ours == theirs);
  }

  @Test
  void of_oneSideWithoutDeviation_isLentTheOthersAndSaysSo() {
    Sample known = Sample.published(0.9, 0.01, 10);

    assertThat(Comparison.of(known, Sample.published(0.9, 5)).remark())
        .isEqualTo("Their standard deviation is not given; ours stands in.");
    assertThat(Comparison.of(Sample.published(0.9, 1), known).remark())
        .isEqualTo("One round of ours has no spread; their standard deviation stands in.");
    assertThat(Comparison.of(known, known).remark()).isEmpty();
  }

  /** Lending a deviation and having the same one differ only in the degrees of freedom. */
  @Test
  void of_lentDeviation_hasTheStandardErrorOfEqualOnes() {
    Comparison lent =
        Comparison.of(Sample.published(0.9, 0.01, 10), Sample.published(0.91, 10))
            .value()
            .orElseThrow();
    Comparison both =
        Comparison.of(Sample.published(0.9, 0.01, 10), Sample.published(0.91, 0.01, 10))
            .value()
            .orElseThrow();

    assertThat(lent.standardError()).isCloseTo(both.standardError(), within(1e-15));
    assertThat(lent.degrees()).isEqualTo(9);
    assertThat(lent.interval95().high()).isGreaterThan(both.interval95().high());
  }

  @ParameterizedTest
  @CsvSource({"0.001", "0.003", "0.004", "0.0046", "0.0047", "0.005", "0.02"})
  void equivalence_isShown_whereTheLargerPIsUnderFivePercent(double margin) {
    Equivalence equivalence =
        Comparison.of(Sample.published(0.903, 0.002, 10), Sample.published(0.9, 0.002, 10))
            .value()
            .orElseThrow()
            .equivalence(margin);

    assertThat(equivalence.isShown()).isEqualTo(equivalence.p().orElseThrow() < 0.05);
  }

  @ParameterizedTest
  @CsvSource({"0", "-0.01", "NaN", "Infinity"})
  void equivalence_impossibleMargin_isRefused(double margin) {
    Comparison comparison =
        Comparison.of(Sample.published(0.9, 0.01, 10), Sample.published(0.9, 0.01, 10))
            .value()
            .orElseThrow();

    assertThatThrownBy(() -> comparison.equivalence(margin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot be equivalent within a margin of " + margin);
  }
}
