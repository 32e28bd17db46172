package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link StatisticsTest} does not compare: exact cases, and words. */
class SampleTest {
  /** The sum of squares minus the square of the sum would give nonsense here. */
  @Test
  void of_smallSpreadAroundLargeMean_losesNoDigits() {
    Sample sample = Sample.of(List.of(1e8 + 1, 1e8 + 2, 1e8 + 3));

    assertThat(sample.mean()).isEqualTo(100000002.0);
    assertThat(sample.std()).contains(1.0);
  }

  @Test
  void of_oneValue_hasNoSpread() {
    Sample sample = Sample.of(List.of(0.9));

    assertThat(sample).isEqualTo(new Sample(1, 0.9, Optional.empty()));
    assertThat(sample.populationStd()).isEmpty();
    assertThat(sample.interval95())
        .isEqualTo(Answer.none("One round has no spread; at least 2 are needed."));
  }

  @ParameterizedTest
  @CsvSource({"0.9, 2", "0.9, 10", "0.1, 3", "0.977, 10", "0.3, 7", "1.0, 10", "0.0, 4"})
  void of_equalValues_isThatValueWithoutSpread(double value, int n) {
    Sample sample = Sample.of(Collections.nCopies(n, value));

    assertThat(sample.mean()).isEqualTo(value);
    assertThat(sample.std()).contains(0.0);
    assertThat(sample.interval95())
        .isEqualTo(
            Answer.of(
                new Interval(value, value),
                "All " + n + " rounds agree: the interval has no width."));
  }

  @Test
  void of_noValues_isRefused() {
    assertThatThrownBy(() -> Sample.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot summarise no values");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity"})
  void of_valueThatIsNoNumber_isRefused(double value) {
    assertThatThrownBy(() -> Sample.of(List.of(0.9, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot have the mean");
  }

  @Test
  void published_oneRound_hasNoSpread() {
    assertThat(Sample.published(0.9, 0.01, 1).std()).isEmpty();
    assertThat(Sample.published(0.9, 0.01, 2).std()).contains(0.01);
    assertThat(Sample.publishedWithPopulationStd(0.9, 0.01, 1).std()).isEmpty();
  }

  @Test
  void published_noDeviation_saysWhyThereIsNoInterval() {
    assertThat(Sample.published(0.9, 10).interval95())
        .isEqualTo(Answer.none("No standard deviation of the 10 rounds is given."));
  }

  @Test
  void publishedWithPopulationStd_ofTheValues_isTheirSample() {
    Sample sample = Sample.of(List.of(0.25, 0.75, 0.5));

    Sample published =
        Sample.publishedWithPopulationStd(0.5, sample.populationStd().orElseThrow(), 3);

    assertThat(published.std().orElseThrow()).isCloseTo(sample.std().orElseThrow(), within(1e-15));
    assertThat(sample.populationStd().orElseThrow()).isCloseTo(Math.sqrt(0.125 / 3), within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.9, 0.1", "1, 0.9, 0.1", "2, NaN, 0.1", "2, 0.9, -0.1", "2, 0.9, NaN"})
  void new_whatNoMeasurementsHave_isRefused(int n, double mean, double std) {
    assertThatThrownBy(() -> new Sample(n, mean, Optional.of(std)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot ");
  }
}
