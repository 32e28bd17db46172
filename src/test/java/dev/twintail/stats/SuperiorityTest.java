package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link StatisticsTest} does not compare. */
class SuperiorityTest {
  @Test
  void superiority_ofRounds_countsTiesByHalf() {
    Superiority superiority =
        Differences.between(List.of(0.9, 0.8, 0.7, 0.6), List.of(0.9, 0.7, 0.6, 0.7)).superiority();

    assertThat(superiority).isEqualTo(new Superiority(2, 1, 1));
    assertThat(superiority.probability()).isEqualTo(0.625);
  }

  @Test
  void interval95_anyCounts_staysBetweenZeroAndOne() {
    for (int n = 1; n <= 200; n++) {
      assertThat(new Superiority(n, 0, 0).interval95().high()).isEqualTo(1);
      assertThat(new Superiority(0, 0, n).interval95().low()).isEqualTo(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "-1, 1, 1", "1, -1, 1", "1, 1, -1"})
  void new_impossibleCounts_areRefused(int wins, int ties, int losses) {
    assertThatThrownBy(() -> new Superiority(wins, ties, losses))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot count %d wins, %d ties and %d losses", wins, ties, losses);
  }
}
