package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.stats.Comparison.Verdict;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against SciPy 1.10.1:
 *
 * <pre>
 * a, b = s1 * s1 / n1, s2 * s2 / n2
 * df = (a + b)**2 / (a * a / (n1 - 1) + b * b / (n2 - 1))
 * half = stats.t.ppf(.975, df) * np.sqrt(a + b)
 * m1 - m2 - half, m1 - m2 + half
 * stats.ttest_ind_from_stats(m1, s1, n1, m2, s2, n2, equal_var=False).pvalue < 0.05
 * </pre>
 */
class ComparisonTest {
  @ParameterizedTest
  @CsvSource({
    "0.8671, 0.0089, 10, 0.8604, 0.0105, 12, -0.001928427057616, 0.015328427057616, CONSISTENT",
    "0.985, 0.002, 10, 0.9745, 0.0053, 10, 0.006578524336033, 0.014421475663966, ABOVE",
    "0.91, 0.004, 10, 0.9745, 0.0053, 10, -0.068935333110302, -0.060064666889698, BELOW",
    "0.9, 0.03, 2, 0.9745, 0.0053, 10, -0.337105868718968, 0.188105868718968, CONSISTENT",
    "0.91, 0, 10, 0.9745, 0.0053, 10, -0.068291391601549, -0.060708608398451, BELOW",
  })
  void welch_intervalAndVerdict_areThoseOfSciPy(
      double ourMean,
      double ourStd,
      int ourN,
      double theirMean,
      double theirStd,
      int theirN,
      double low,
      double high,
      Verdict verdict) {
    Comparison comparison =
        Comparison.welch(
                Sample.published(ourMean, ourStd, ourN),
                Sample.published(theirMean, theirStd, theirN))
            .orElseThrow();

    assertThat(comparison.difference()).isEqualTo(ourMean - theirMean);
    assertThat(comparison.interval95().low()).isCloseTo(low, within(2e-8));
    assertThat(comparison.interval95().high()).isCloseTo(high, within(2e-8));
    assertThat(comparison.verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "10, 1", "1, 1"})
  void welch_oneRoundOnASide_isEmpty(int ours, int theirs) {
    assertThat(
            Comparison.welch(Sample.published(0.9, 0.1, ours), Sample.published(0.8, 0.1, theirs)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.9, CONSISTENT", "0.91, 0.9, ABOVE", "0.89, 0.9, BELOW"})
  void welch_noSpreadOnEitherSide_comparesTheMeans(double ours, double theirs, Verdict verdict) {
    Comparison comparison =
        Comparison.welch(Sample.of(Collections.nCopies(10, ours)), Sample.published(theirs, 0, 10))
            .orElseThrow();

    assertThat(comparison.interval95())
        .isEqualTo(new Sample.Interval(ours - theirs, ours - theirs));
    assertThat(comparison.verdict()).isEqualTo(verdict);
  }

  @Test
  void verdict_intervalThatTouchesZero_isConsistent() {
    assertThat(new Comparison(0.1, new Sample.Interval(0, 0.2)).verdict())
        .isEqualTo(Verdict.CONSISTENT);
    assertThat(new Comparison(-0.1, new Sample.Interval(-0.2, 0)).verdict())
        .isEqualTo(Verdict.CONSISTENT);
  }
}
