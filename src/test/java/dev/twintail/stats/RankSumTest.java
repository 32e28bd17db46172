package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankSumTest {
  @Test
  void test_ofSamplesApart_hasTheSmallestP() {
    SignificanceTest test = RankSum.test(List.of(4.0, 5.0, 6.0), List.of(1.0, 2.0, 3.0));

    assertThat(test.statistic()).contains(9.0);
    assertThat(test.p().orElseThrow()).isCloseTo(2 / 20.0, within(1e-12));
    assertThat(test.smallestP()).isCloseTo(2 / 20.0, within(1e-12));
  }

  @Test
  void test_exchanged_hasTheSameP() {
    List<Double> a = List.of(0.81, 0.8, 0.8, 0.83);
    List<Double> b = List.of(0.8, 0.79, 0.78, 0.81, 0.7);

    assertThat(RankSum.test(a, b).p().orElseThrow())
        .isCloseTo(RankSum.test(b, a).p().orElseThrow(), within(1e-12));
    assertThat(RankSum.test(a, b).statistic().orElseThrow())
        .isEqualTo(a.size() * b.size() - RankSum.test(b, a).statistic().orElseThrow());
  }

  @Test
  void test_ofValuesEqualButForRounding_tiesThem() {
    assertThat(RankSum.test(List.of(0.1 + 0.2, 0.5), List.of(0.3, 0.6)).statistic())
        .isEqualTo(RankSum.test(List.of(0.3, 0.5), List.of(0.3, 0.6)).statistic());
  }

  @Test
  void test_ofTooManyOrNone_tellsSo() {
    List<Double> many = Collections.nCopies(RankSum.MOST_COUNTED, 1.0);

    assertThat(RankSum.test(many, List.of(1.0)).p()).isEmpty();
    assertThat(RankSum.test(many, List.of(1.0)).remark()).contains("120 rounds");
    assertThatThrownBy(() -> RankSum.test(many, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Sixty rounds on each side: counts beyond what a double holds exactly. */
  @Test
  void test_ofTheMostThatIsCounted_isNearTheNormalApproximation() {
    List<Double> a = new ArrayList<>();
    List<Double> b = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      a.add(2.0 * i);
      b.add(2.0 * i + (i % 2 == 0 ? 21 : -1));
    }
    SignificanceTest test = RankSum.test(a, b);
    double u = test.statistic().orElseThrow();
    double z = (Math.abs(u - 1800) - 0.5) / Math.sqrt(60 * 60 * 121 / 12.0);

    assertThat(test.p().orElseThrow()).isCloseTo(2 * Normal.above(z), within(2e-3));
  }
}
