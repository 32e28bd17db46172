package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExponentialTest {
  @Test
  void replace_moderateNumbers_equalsStrictMath() {
    double[] values = new double[4001];
    for (int i = 0; i < values.length; i++) {
      values[i] = -0.01 * i;
    }
    double[] exponentials = values.clone();
    Exponential.replace(exponentials, exponentials.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(exponentials[i] / StrictMath.exp(values[i]))
          .as("exp(%s)", values[i])
          .isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void replace_numbersFarBelowZero_vanishAsFloatsAndAreNormalDoubles() {
    double[] values = {0, -200, -700, -1e6, Double.NEGATIVE_INFINITY, -5};
    Exponential.replace(values, 5);
    assertThat(values[0]).isEqualTo(1);
    for (int i = 1; i < 5; i++) {
      assertThat(values[i]).isBetween(Double.MIN_NORMAL, (double) Float.MIN_VALUE);
    }
    assertThat(values[5]).isEqualTo(-5);
  }
}
