package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.stats.SignificanceTest.Method;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HolmTest {
  /** All pairs of ten models over ten rounds: 45 · 2⁻⁹ is 0.0879. */
  @Test
  void of_familyTooLargeForItsRounds_refusesThoughEachCouldAlone() {
    SignificanceTest best = test(Method.WILCOXON_EXACT, 10, Math.pow(2, -9), Math.pow(2, -9));

    Holm family = Holm.of(Collections.nCopies(45, best), 0.05);

    assertThat(best.refusal(0.05)).isEmpty();
    assertThat(family.tests()).hasSize(45).allMatch(t -> !t.rejected());
    assertThat(family.tests().get(0).refusal())
        .contains(
            "The exact Wilcoxon signed-rank test cannot reach 0.05 in a family of 45 with 10 rounds"
                + " that have a difference: its smallest p is 0.001953, adjusted 0.08789; 11 such"
                + " rounds could.");
    SignificanceTest eleven = test(Method.WILCOXON_EXACT, 11, Math.pow(2, -10), Math.pow(2, -10));
    assertThat(Holm.of(Collections.nCopies(45, eleven), 0.05).tests())
        .allMatch(t -> t.rejected() && t.refusal().isEmpty());
  }

  /** Beside two tests that can be passed first, five rounds are enough at 10 %. */
  @Test
  void of_otherTestsThatCanBeRejectedFirst_countOnlyWhatIsLeft() {
    SignificanceTest few = test(Method.WILCOXON_EXACT, 5, 0.0625, 0.0625);
    SignificanceTest strong = test(Method.PAIRED_T, 5, 1e-6, 0);

    Holm family = Holm.of(List.of(few, strong, strong), 0.1);

    assertThat(family.tests().get(0).refusal()).isEmpty();
    assertThat(family.tests().get(0).p()).contains(0.0625);
    assertThat(family.tests().get(0).rejected()).isTrue();
  }

  @Test
  void of_testWithoutP_staysInTheFamily() {
    SignificanceTest none = SignificanceTest.none(Method.PAIRED_T, 1, "One round.");
    SignificanceTest some = test(Method.PAIRED_T, 10, 0.03, 0);

    Holm family = Holm.of(List.of(none, some), 0.05);

    assertThat(family.tests().get(0))
        .isEqualTo(new Holm.Adjusted(none, Optional.empty(), false, Optional.of("One round.")));
    assertThat(family.tests().get(1))
        .isEqualTo(new Holm.Adjusted(some, Optional.of(0.06), false, Optional.empty()));
  }

  @Test
  void of_noTests_isAnEmptyFamily() {
    assertThat(Holm.of(List.of(), 0.05).tests()).isEmpty();
  }

  @Test
  void adjust_noProbability_isRefused() {
    assertThatThrownBy(() -> Holm.adjust(List.of(0.1, Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot have the p NaN");
  }

  private static SignificanceTest test(Method method, int n, double p, double smallest) {
    return new SignificanceTest(method, n, Optional.empty(), Optional.of(p), smallest, "");
  }
}
