package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
  @Test
  void contains_anEnd_isTrue() {
    assertThat(new Interval(0, 0.2).contains(0)).isTrue();
    assertThat(new Interval(-0.2, 0).contains(0)).isTrue();
    assertThat(new Interval(0.1, 0.2).contains(0)).isFalse();
    assertThat(new Interval(-0.2, -0.1).contains(0)).isFalse();
  }

  @Test
  void isWithin_anEndAtTheMargin_isFalse() {
    assertThat(new Interval(-0.1, 0.1).isWithin(0.2)).isTrue();
    assertThat(new Interval(-0.2, 0.1).isWithin(0.2)).isFalse();
    assertThat(new Interval(-0.1, 0.2).isWithin(0.2)).isFalse();
  }

  @Test
  void clippedTo_percent_keepsWhatCanBe() {
    assertThat(new Interval(24.68, 126.32).clippedTo(Interval.PERCENT))
        .isEqualTo(new Interval(24.68, 100));
    assertThat(new Interval(-0.1, 0.4).clippedTo(Interval.FRACTION))
        .isEqualTo(new Interval(0, 0.4));
    assertThat(new Interval(80, 90).clippedTo(Interval.PERCENT)).isEqualTo(new Interval(80, 90));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "NaN, 0", "0, NaN", "0, Infinity", "-Infinity, 0"})
  void new_noInterval_isRefused(double low, double high) {
    assertThatThrownBy(() -> new Interval(low, high))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot be an interval: [" + low + ", " + high + "]");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "100, 100",
    "12345.678, 12350",
    "0.00123456, 0.001235",
    "-0.5, -0.5",
    "0.99996, 1",
    "0.00001, 0.00001",
    "0.000001, 0.000001",
    "0.0000001234567, 1.235e-7",
    "5e-324, 4.941e-324",
    "1e300, 1e+300"
  })
  void figure_anyNumber_hasFourDigits(double value, String expected) {
    assertThat(new Figure(value)).hasToString(expected);
  }
}
