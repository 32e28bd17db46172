package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeanCorrelationTest {
  @Test
  void of_twoModels_isTheirCorrelation() {
    List<Double> a = List.of(1.0, 2.0, 3.0, 5.0);
    List<Double> b = List.of(2.0, 1.0, 4.0, 3.0);

    MeanCorrelation found = MeanCorrelation.of(List.of(a, b)).value().orElseThrow();

    assertThat(found.mean()).isCloseTo(3.5 / Math.sqrt(8.75 * 5), within(1e-12));
    assertThat(found.interval95().contains(found.mean())).isTrue();
  }

  @Test
  void of_modelsThatTellNothing_hasNone() {
    List<Double> flat = List.of(1.0, 1.0, 1.0);
    List<Double> rising = List.of(1.0, 2.0, 3.0);

    assertThat(MeanCorrelation.of(List.of(rising)).value()).isEmpty();
    assertThat(MeanCorrelation.of(List.of(rising, flat)).value()).isEmpty();
    assertThat(MeanCorrelation.of(List.of(rising, rising)).value()).isEmpty();
    assertThat(MeanCorrelation.of(List.of(List.of(1.0, 2.0), List.of(2.0, 1.0))).value()).isEmpty();
  }

  /** Models of unequal deviation, as a report's are: the interval holds the truth as it should. */
  @ParameterizedTest
  @CsvSource({"16, 10, 0.0", "16, 10, 0.3", "16, 30, 0.3", "16, 30, 0.6", "4, 10, 0.5"})
  void interval95_ofSimulatedRounds_holdsTheTruth(int models, int rounds, double truth) {
    Random random = new Random(7);
    int held = 0;
    int cases = 2000;
    for (int i = 0; i < cases; i++) {
      double[] common = random.doubles(rounds).toArray();
      for (int r = 0; r < rounds; r++) {
        common[r] = random.nextGaussian();
      }
      List<List<Double>> byModel = new ArrayList<>();
      for (int m = 0; m < models; m++) {
        List<Double> values = new ArrayList<>();
        for (int r = 0; r < rounds; r++) {
          double own = random.nextGaussian();
          values.add((m + 1) * (Math.sqrt(truth) * common[r] + Math.sqrt(1 - truth) * own));
        }
        byModel.add(values);
      }
      held +=
          MeanCorrelation.of(byModel).value().orElseThrow().interval95().contains(truth) ? 1 : 0;
    }

    assertThat((double) held / cases).isBetween(0.93, 0.975);
  }
}
