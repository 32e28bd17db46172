package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against SciPy 1.10.1:
 *
 * <pre>
 * v = np.array([...]); m, s = v.mean(), v.std(ddof=1)
 * stats.t.interval(0.95, len(v) - 1, m, s / np.sqrt(len(v)))
 * </pre>
 */
class SampleTest {
  private static final Offset<Double> ROUNDING = within(1e-12);

  /** The library looks for quantiles until they are this close. */
  private static final Offset<Double> QUANTILE = within(2e-8);

  @Test
  void of_tenValues_areThoseOfSciPy() {
    Sample sample =
        Sample.of(List.of(0.871, 0.852, 0.869, 0.88, 0.863, 0.874, 0.858, 0.866, 0.861, 0.877));

    assertThat(sample.n()).isEqualTo(10);
    assertThat(sample.mean()).isCloseTo(0.8671, ROUNDING);
    assertThat(sample.std().orElseThrow()).isCloseTo(0.008799621203968582, ROUNDING);
    assertInterval(sample, 0.8608051302019744, 0.8733948697980256);
  }

  @Test
  void of_twoValues_areThoseOfSciPy() {
    Sample sample = Sample.of(List.of(0.9, 0.95));

    assertThat(sample.mean()).isCloseTo(0.925, ROUNDING);
    assertThat(sample.std().orElseThrow()).isCloseTo(0.03535533905932733, ROUNDING);
    assertInterval(sample, 0.6073448815891982, 1.242655118410802);
  }

  /** The sum of squares minus the square of the sum would give nonsense here. */
  @Test
  void of_smallSpreadAroundLargeMean_losesNoDigits() {
    Sample sample = Sample.of(List.of(1e8 + 1, 1e8 + 2, 1e8 + 3));

    assertThat(sample.mean()).isEqualTo(100000002.0);
    assertThat(sample.std()).contains(1.0);
    Sample.Interval interval = sample.interval95().orElseThrow();
    assertThat(interval.low()).isCloseTo(99999999.51586229, within(1e-7));
    assertThat(interval.high()).isCloseTo(100000004.48413771, within(1e-7));
  }

  @Test
  void of_oneValue_hasNoSpread() {
    Sample sample = Sample.of(List.of(0.9));

    assertThat(sample).isEqualTo(new Sample(1, 0.9, Optional.empty()));
    assertThat(sample.interval95()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.9, 2", "0.9, 10", "0.1, 3", "0.977, 10", "0.3, 7", "1.0, 10", "0.0, 4"})
  void of_equalValues_isThatValueWithoutSpread(double value, int n) {
    Sample sample = Sample.of(Collections.nCopies(n, value));

    assertThat(sample.mean()).isEqualTo(value);
    assertThat(sample.std()).contains(0.0);
    assertThat(sample.interval95()).contains(new Sample.Interval(value, value));
  }

  @Test
  void of_noValues_isRefused() {
    assertThatThrownBy(() -> Sample.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot summarise no values");
  }

  @Test
  void published_oneRound_hasNoSpread() {
    assertThat(Sample.published(0.9, 0.01, 1).std()).isEmpty();
    assertThat(Sample.published(0.9, 0.01, 2).std()).contains(0.01);
  }

  /** {@code stats.t.ppf(.975, df)}. */
  @ParameterizedTest
  @CsvSource({
    "1, 12.706204736432095",
    "1.3, 7.500529335167913",
    "4.5, 2.6589123472044034",
    "9, 2.2621571627409915",
    "30, 2.0422724563012373",
    "1e6, 1.9599663568141066",
  })
  void tQuantile_isThatOfSciPy(double degrees, double expected) {
    assertThat(Sample.tQuantile(degrees)).isCloseTo(expected, QUANTILE);
  }

  private static void assertInterval(Sample sample, double low, double high) {
    Sample.Interval interval = sample.interval95().orElseThrow();
    assertThat(interval.low()).isCloseTo(low, QUANTILE);
    assertThat(interval.high()).isCloseTo(high, QUANTILE);
  }
}
