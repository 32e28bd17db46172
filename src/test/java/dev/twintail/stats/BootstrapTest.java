package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link StatisticsTest} does not compare: seeds and words. */
class BootstrapTest {
  private static final List<Double> VALUES =
      List.of(0.871, 0.852, 0.869, 0.88, 0.863, 0.874, 0.858, 0.866, 0.861, 0.877);

  @Test
  void bca95_sameSeed_isTheSameInterval() {
    assertThat(Bootstrap.bca95(VALUES, Resampling.seededBy(3)))
        .isEqualTo(Bootstrap.bca95(VALUES, Resampling.seededBy(3)));
  }

  @Test
  void bca95_otherSeedOrFewerDraws_isAnotherInterval() {
    Interval interval = interval(Resampling.seededBy(3));

    assertThat(interval(Resampling.seededBy(4))).isNotEqualTo(interval);
    assertThat(interval(new Resampling(3, 999))).isNotEqualTo(interval);
  }

  private static Interval interval(Resampling resampling) {
    return Bootstrap.bca95(VALUES, resampling).value().orElseThrow();
  }

  @Test
  void bca95_shiftedAndScaled_followsTheValues() {
    Resampling resampling = Resampling.seededBy(3);
    Interval plain = interval(resampling);

    Interval scaled =
        Bootstrap.bca95(VALUES.stream().map(v -> 100 * v - 7).toList(), resampling)
            .value()
            .orElseThrow();

    assertThat(scaled.low()).isCloseTo(100 * plain.low() - 7, within(1e-9));
    assertThat(scaled.high()).isCloseTo(100 * plain.high() - 7, within(1e-9));
  }

  @Test
  void bca95_fewRounds_saysHowOftenItHolds() {
    assertThat(Bootstrap.bca95(VALUES, Resampling.seededBy(3)).remark())
        .isEqualTo(
            "A bootstrap of 10 rounds holds the mean of normal data at most about 90 times in 100,"
                + " not 95; prefer the interval by t.");
    List<Double> twenty = IntStream.range(0, 20).mapToObj(i -> i * i / 10.0).toList();
    assertThat(Bootstrap.bca95(twenty, Resampling.seededBy(3)).remark()).isEmpty();
  }

  @Test
  void resampling_tooFewDraws_isRefused() {
    assertThatThrownBy(() -> new Resampling(1, 998))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot tell 2.5 % tails from 998 draws");
  }
}
