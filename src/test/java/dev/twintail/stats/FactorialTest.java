package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FactorialTest {
  private static final Offset<Double> ROUNDING = within(1e-15);

  /** Sharing adds 0.02, the loss 0.05 and both together another 0.01; rounds differ. */
  @Test
  void effects_madeFromKnownOnes_areThose() {
    Factorial factorial =
        new Factorial(
            List.of(0.80, 0.83), List.of(0.82, 0.85), List.of(0.85, 0.88), List.of(0.88, 0.91));

    assertThat(factorial.effectOfSharing().sample().mean()).isCloseTo(0.025, ROUNDING);
    assertThat(factorial.effectOfAuxiliary().sample().mean()).isCloseTo(0.055, ROUNDING);
    assertThat(factorial.interaction().sample().mean()).isCloseTo(0.01, ROUNDING);
    assertThat(factorial.interaction().pairedT().p()).isEmpty();
    assertThat(factorial.interaction().pairedT().remark())
        .startsWith("The difference is 0.01 in all 2 rounds: ");
  }

  @Test
  void effects_choicesSwapped_areSwapped() {
    List<Double> neither = List.of(0.8, 0.81, 0.79);
    List<Double> sharing = List.of(0.82, 0.85, 0.8);
    List<Double> auxiliary = List.of(0.85, 0.88, 0.86);
    List<Double> both = List.of(0.9, 0.91, 0.89);
    Factorial one = new Factorial(neither, sharing, auxiliary, both);
    Factorial other = new Factorial(neither, auxiliary, sharing, both);

    assertThat(other.effectOfSharing().sample().mean())
        .isCloseTo(one.effectOfAuxiliary().sample().mean(), ROUNDING);
    assertThat(other.interaction().sample().mean())
        .isCloseTo(one.interaction().sample().mean(), ROUNDING);
  }

  @Test
  void new_otherNumbersOfRounds_isRefused() {
    List<Double> two = List.of(0.8, 0.9);

    assertThatThrownBy(() -> new Factorial(two, two, two, List.of(0.8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot pair 2 rounds with 1");
  }
}
