package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.stats.Reproduction.ReproductionVerdict;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReproductionTest {
  /** The intervals and p-values are those of {@link StatisticsTest}, case by case. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.9 | 0.002 | 10 | 0.9 | 0.002 | 10 | 0.005 | REPRODUCED | The difference, 0, is shown to be within ±0.005: its 90 % interval is [-0.001551, 0.001551] (TOST p 0.00001318).
          0.9012 | 0.002 | 1000 | 0.9 | 0.002 | 1000 | 0.005 | REPRODUCED | The difference, 0.0012, is shown to be within ±0.005: its 90 % interval is [0.001053, 0.001347] (TOST p 7.258e-282); it is not 0, but too small to matter.
          0.985 | 0.002 | 10 | 0.9745 | 0.0053 | 10 | 0.005 | ABOVE | The difference, 0.0105, is above 0: its 95 % interval is [0.006579, 0.01442], and it is not shown to be within ±0.005 (TOST p 0.9949).
          0.91 | 0.004 | 10 | 0.9745 | 0.0053 | 10 | 0.005 | BELOW | The difference, -0.0645, is below 0: its 95 % interval is [-0.06894, -0.06006], and it is not shown to be within ±0.005 (TOST p 1).
          0.905 | 0.002 | 10 | 0.9 | 0.002 | 10 | 0.005 | ABOVE | The difference, 0.005, is above 0: its 95 % interval is [0.003121, 0.006879], and it is not shown to be within ±0.005 (TOST p 0.5).
          0.8671 | 0.0089 | 10 | 0.8604 | 0.0105 | 12 | 0.01 | INCONCLUSIVE | The difference, 0.0067, may be 0, since its 95 % interval is [-0.001928, 0.01533], but is not shown to be within ±0.01 (TOST p 0.2172); more rounds would tell.
          0.91 | 0 | 10 | 0.9 | 0 | 10 | 0.005 | ABOVE | The difference, 0.01, is not within ±0.005. Neither side varies over its rounds.
          0.9 | 0 | 10 | 0.901 | 0 | 10 | 0.005 | REPRODUCED | The difference, -0.001, is within ±0.005. Neither side varies over its rounds.
          0.9 | 0 | 10 | 0.91 | 0 | 10 | 0.005 | BELOW | The difference, -0.01, is not within ±0.005. Neither side varies over its rounds.
          """)
  void of_meansAndDeviations_isAVerdictWithItsReason(
      double ourMean,
      double ourStd,
      int ourN,
      double mean,
      double std,
      int n,
      double margin,
      ReproductionVerdict verdict,
      String reason) {
    Reproduction reproduction =
        Reproduction.of(
            Sample.published(ourMean, ourStd, ourN), Sample.published(mean, std, n), margin);

    assertThat(reproduction.reason()).isEqualTo(reason);
    assertThat(reproduction.verdict()).isEqualTo(verdict);
    assertThat(reproduction.equivalence().orElseThrow().isShown())
        .isEqualTo(verdict == ReproductionVerdict.REPRODUCED);
  }

  @Test
  void of_claimWithoutDeviation_isDecidedByOursAndSaysSo() {
    Sample ours = Sample.published(0.985, 0.002, 10);

    Reproduction ofTen = Reproduction.of(ours, Sample.published(0.984, 10), 0.005);
    Reproduction ofOne = Reproduction.of(ours, Sample.published(0.99, 1), 0.005);

    assertThat(ofTen.verdict()).isEqualTo(ReproductionVerdict.REPRODUCED);
    assertThat(ofTen.reason())
        .endsWith("). Their standard deviation is not given; ours stands in.");
    assertThat(ofOne.verdict()).isEqualTo(ReproductionVerdict.BELOW);
  }

  @ParameterizedTest
  @CsvSource({"1, there is 1 round.", "2, there are 2 rounds."})
  void of_underThreeRounds_isInconclusive(int rounds, String end) {
    Reproduction reproduction =
        Reproduction.of(
            Sample.of(Collections.nCopies(rounds, 0.9)), Sample.published(0.5, 0.01, 10), 0.005);

    assertThat(reproduction.verdict()).isEqualTo(ReproductionVerdict.INCONCLUSIVE);
    assertThat(reproduction.undecided()).contains(Undecided.TOO_FEW_ROUNDS);
    assertThat(reproduction.reason()).isEqualTo("No verdict under 3 rounds; " + end);
    assertThat(reproduction.comparison()).isEmpty();
    assertThat(reproduction.equivalence()).isEmpty();
  }

  @Test
  void of_neitherDeviation_isInconclusive() {
    Reproduction reproduction =
        Reproduction.of(Sample.published(0.9, 10), Sample.published(0.9, 10), 0.005);

    assertThat(reproduction.verdict()).isEqualTo(ReproductionVerdict.INCONCLUSIVE);
    assertThat(reproduction.undecided()).contains(Undecided.NO_SPREAD);
    assertThat(reproduction.reason())
        .isEqualTo(
            "Nothing tells how far rounds scatter. Ours: No standard deviation of the 10 rounds is"
                + " given.");
  }

  @Test
  void of_equalRounds_isReproducedWhateverTheMargin() {
    Sample same = Sample.of(Collections.nCopies(10, 0.9));

    assertThat(Reproduction.of(same, same, 1e-12).verdict())
        .isEqualTo(ReproductionVerdict.REPRODUCED);
  }

  @Test
  void of_noMargin_isRefused() {
    Sample sample = Sample.published(0.9, 0.01, 10);

    assertThatThrownBy(() -> Reproduction.of(sample, sample, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot be equivalent within a margin of 0.0");
  }

  /** They stand in tables: a constant may be renamed, its word never. */
  @Test
  void word_ofEveryVerdict_isFrozen() {
    assertThat(Reproduction.ReproductionVerdict.values())
        .extracting(Reproduction.ReproductionVerdict::word)
        .containsExactly("reproduced", "above", "below", "inconclusive");
  }
}
