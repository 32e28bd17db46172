package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.stats.VarianceComponents.Component;
import dev.twintail.stats.VarianceComponents.VarianceSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link StatisticsTest} does not compare: what is refused, and what follows. */
class VarianceComponentsTest {
  private static final Tables THREE =
      new Tables(Sharing.DRAW, List.of(List.of(1.0, 3.0), List.of(5.0, 7.0), List.of(9.0, 11.0)));

  /** Between 2 · 16 = 32, within 2: pairs (32 − 2) / 2. */
  @Test
  void nested_byHand_isTheTextbook() {
    VarianceComponents found = VarianceComponents.nested(THREE).value().orElseThrow();

    assertThat(found.components())
        .extracting(Component::source, Component::variance)
        .containsExactly(tuple(VarianceSource.PAIRS, 15.0), tuple(VarianceSource.REST, 2.0));
    assertThat(found.total()).isEqualTo(17);
    assertThat(found.share(found.components().get(0))).isCloseTo(15 / 17.0, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource(
      value = Sharing.class,
      names = {"NOTHING", "WEIGHTS"})
  void nested_roundsThatShareOtherThanADraw_hasNone(Sharing sharing) {
    assertThat(VarianceComponents.nested(new Tables(sharing, THREE.rounds())))
        .isEqualTo(
            Answer.none(
                "Draws and weights cannot be told apart where rounds share "
                    + sharing.words()
                    + "."));
  }

  @Test
  void nested_oneTable_hasNone() {
    assertThat(VarianceComponents.nested(new Tables(Sharing.DRAW, List.of(List.of(1.0, 2.0)))))
        .isEqualTo(Answer.none("At least 2 tables of 2 rounds are needed."));
  }

  @Test
  void nested_nothingVaries_isZeroThroughout() {
    VarianceComponents found =
        VarianceComponents.nested(
                new Tables(Sharing.DRAW, List.of(List.of(1.0, 1.0), List.of(1.0, 1.0))))
            .value()
            .orElseThrow();

    assertThat(found.total()).isZero();
    assertThat(found.share(found.components().get(0))).isZero();
    assertThat(found.components().get(0).interval95()).isEqualTo(new Interval(0, 0));
  }

  @Test
  void power_nothingToTell_isRefused() {
    assertThatThrownBy(() -> new Power(0, 1)).hasMessage("Cannot tell a difference of 0.0");
    assertThatThrownBy(() -> new Power(1, 0)).hasMessage("Cannot have the deviation 0.0");
    assertThatThrownBy(() -> new Power(1, 1).pairsFor(1))
        .hasMessage("Cannot plan for a power of 1.0");
  }

  /** Those that nearly agree, as rounding errors let equal ones. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1e-5, 1e-14, 1e-300, Double.MIN_VALUE})
  void pairsFor_aDifferenceFarAboveTheSpread_areTwo(double std) {
    assertThat(new Power(1, std).pairsFor(0.8).value()).contains(2);
    assertThat(new Power(1, std).eachFor(0.8).value()).contains(2);
  }

  @Test
  void pairsFor_aDifferenceFarBelowTheSpread_saysThatItTakesTooMany() {
    assertThat(new Power(1e-6, 1).pairsFor(0.8))
        .isEqualTo(Answer.none("More than 1000000 would be needed."));
  }
}
