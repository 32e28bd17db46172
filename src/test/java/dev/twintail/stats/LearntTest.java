package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearntTest {
  @ParameterizedTest
  @CsvSource({
    "545, 545, 0.7, NO_BETTER_THAN_MAJORITY",
    "455, 545, 0.7, NO_BETTER_THAN_MAJORITY",
    "540, 545, 0.7, NO_BETTER_THAN_MAJORITY",
    "571, 545, 0.7, NO_BETTER_THAN_MAJORITY",
    "572, 545, 0.7, YES",
    "845, 545, 0.3, YES",
    "845, 545, NaN, LOSS_NOT_FINITE",
    "545, 545, Infinity, LOSS_NOT_FINITE",
    "1000, 1000, 0.1, NO_BETTER_THAN_MAJORITY",
  })
  void of_aRoundOfAThousandPairs_isJudgedByItsCounts(
      int correct, int majority, double loss, Learnt expected) {
    assertThat(Learnt.of(correct, 1000, majority, loss)).isEqualTo(expected);
  }

  @Test
  void of_countsThatCannotBe_areRefused() {
    assertThatThrownBy(() -> Learnt.of(11, 10, 6, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot have 11 right and 6 alike of 10 pairs");
    assertThatThrownBy(() -> Learnt.of(5, 10, 4, 0.1)).hasMessageContaining("4 alike");
  }

  /** A round at 54 % among ten moves the mean by three points and the median not at all. */
  @Test
  void median_withARoundThatDidNotLearn_staysWhereItIs() {
    List<Double> rounds = List.of(84.0, 85.0, 84.5, 54.0, 85.5, 84.2, 84.8, 85.1, 84.4, 84.9);

    assertThat(Sample.of(rounds).mean()).isLessThan(82);
    assertThat(Sample.median(rounds)).isEqualTo(84.65);
  }
}
