package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.FDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own tails and quantiles beside those of a library, which are as exact, but not portable. */
class DistributionsTest {
  private static void assertClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-10 * Math.abs(expected)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.7, 1, 2, 2.5, 3, 4, 7.3, 9, 19, 29, 81, 200.5, 999, 5000, 1e6})
  void studentT_tailsAndQuantiles_areTheLibrarys(double degrees) {
    TDistribution library = TDistribution.of(degrees);
    StudentT ours = new StudentT(degrees);

    for (double t : new double[] {-40, -2, -0.3, 0, 1e-6, 0.01, 0.9, 1, 2, 3, 8, 20, 100, 1000}) {
      assertClose(ours.above(t), library.survivalProbability(t));
    }
    for (double confidence : new double[] {0.5, 0.9, 0.95, 0.99, 0.9999, 0.99999999}) {
      assertClose(
          ours.quantile(confidence), library.inverseSurvivalProbability((1 - confidence) / 2));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.7, 1, 2, 2.5, 3, 4, 7.3, 9, 19, 29, 81, 200.5, 999, 5000, 1e5})
  void chiSquaredAndF_quantiles_areTheLibrarys(double degrees) {
    for (double tail : new double[] {0.999, 0.975, 0.5, 0.1, 0.025, 0.001}) {
      assertClose(
          new ChiSquared(degrees).upperQuantile(tail),
          ChiSquaredDistribution.of(degrees).inverseSurvivalProbability(tail));
      for (double other : new double[] {1, 2, 5.5, 9, 90, 1000}) {
        assertClose(
            new FisherF(degrees, other).upperQuantile(tail),
            FDistribution.of(degrees, other).inverseSurvivalProbability(tail));
      }
    }
  }

  @Test
  void normal_tailsAndQuantiles_areTheLibrarys() {
    NormalDistribution library = NormalDistribution.of(0, 1);

    for (double z = -6; z < 38; z += 0.37) {
      assertClose(Normal.above(z), library.survivalProbability(z));
    }
    assertClose(Normal.quantile(0.95), library.inverseSurvivalProbability(0.025));
  }

  /** P(|T| ≥ t) with one degree of freedom is 1 − 2 arctan(t) / π. */
  @Test
  void studentT_farOut_keepsItsDigits() {
    assertClose(new StudentT(1).twoSided(1e8), 2 / (Math.PI * 1e8));
    assertThat(new StudentT(9).twoSided(Double.POSITIVE_INFINITY)).isZero();
    assertThat(new StudentT(9).twoSided(1e200)).isZero();
  }

  @Test
  void studentT_ofNoNumber_isRefused() {
    assertThatThrownBy(() -> new StudentT(9).above(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot have the argument");
  }
}
