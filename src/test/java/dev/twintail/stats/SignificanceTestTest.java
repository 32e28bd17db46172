package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.stats.SignificanceTest.Method;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignificanceTestTest {
  @ParameterizedTest
  @CsvSource({"5, 0.05, 6", "4, 0.05, 6", "1, 0.5, 2", "5, 0.01, 8", "10, 0.001, 11"})
  void refusal_tooFewRounds_saysHowManyAreNeeded(int n, double level, int needed) {
    String refusal = wilcoxon(n).refusal(level).orElseThrow();

    assertThat(refusal)
        .startsWith("The exact Wilcoxon signed-rank test cannot reach " + level + " with ")
        .endsWith("; " + needed + " such rounds could.");
    assertThat(wilcoxon(needed).refusal(level)).isEmpty();
    assertThat(wilcoxon(needed - 1).refusal(level)).isPresent();
  }

  @Test
  void refusal_fiveRounds_isASentence() {
    assertThat(wilcoxon(5).refusal(0.05))
        .contains(
            "The exact Wilcoxon signed-rank test cannot reach 0.05 with 5 rounds that have a"
                + " difference: its smallest p is 0.0625; 6 such rounds could.");
  }

  @Test
  void refusal_noP_isTheReason() {
    SignificanceTest none = SignificanceTest.none(Method.PAIRED_T, 1, "One round.");

    assertThat(none.refusal(0.05)).contains("One round.");
  }

  @Test
  void refusal_tooFewDraws_asksForMore() {
    SignificanceTest drawn =
        new SignificanceTest(
            Method.SIGN_FLIP_SAMPLED, 30, Optional.of(0.1), Optional.of(0.001), 0.001, "drawn");

    assertThat(drawn.refusal(0.0001).orElseThrow()).endsWith("; draw at least 9999 times.");
    assertThat(drawn.refusal(0.001)).isEmpty();
  }

  @Test
  void refusal_levelZero_isForEver() {
    assertThat(wilcoxon(10).refusal(0).orElseThrow()).endsWith("; no number of rounds can.");
  }

  @ParameterizedTest
  @CsvSource({"NaN, 0.1", "-0.1, 0.1", "1.1, 0.1", "0.5, NaN"})
  void new_noProbability_isRefused(double p, double smallest) {
    assertThatThrownBy(
            () ->
                new SignificanceTest(
                    Method.PAIRED_T, 3, Optional.empty(), Optional.of(p), smallest, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot have the ");
  }

  @Test
  void new_neitherPNorReason_isRefused() {
    assertThatThrownBy(() -> SignificanceTest.none(Method.PAIRED_T, 3, " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot give neither a p nor a reason");
  }

  private static SignificanceTest wilcoxon(int n) {
    double smallest = SignificanceTest.smallestOfSigns(n);
    return new SignificanceTest(
        Method.WILCOXON_EXACT, n, Optional.empty(), Optional.of(smallest), smallest, "");
  }
}
