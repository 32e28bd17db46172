package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.stats.MultipleComparisonsWithBest.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultipleComparisonsWithBestTest {
  private static final int MODELS = 10;
  private static final int ROUNDS = 10;
  private static final int REPORTS = 2_000;

  /**
   * Dunnett's one-sided 5 % point for 9 comparisons, correlation ½ and (10 − 1)(10 − 1) degrees of
   * freedom, by numerical integration: what Hsu's intervals take where all differences vary alike.
   */
  private static final double DUNNETT = 2.460462174238594;

  @Test
  void of_oneModelFarAhead_leavesItAndWhatIsNear() {
    Map<String, List<Double>> models = new LinkedHashMap<>();
    models.put("low", List.of(80.0, 81.0, 79.5, 80.5));
    models.put("best", List.of(90.0, 90.5, 90.2, 89.9));
    models.put("middle", List.of(85.0, 85.5, 84.9, 85.2));
    models.put("near", List.of(90.1, 90.2, 90.4, 90.3));

    MultipleComparisonsWithBest best = MultipleComparisonsWithBest.of(models).value().orElseThrow();

    assertThat(best.candidates()).containsExactly("best", "near");
    assertThat(best.candidatesWithin()).isCloseTo(0.1, within(1e-12));
    models.remove("near");
    best = MultipleComparisonsWithBest.of(models).value().orElseThrow();
    assertThat(best.candidates()).containsExactly("best");
    Standing first = best.standings().get(1);
    assertThat(first.overBestOther().low()).isZero();
    assertThat(first.overBestOther().high()).isGreaterThan(4.9);
    assertThat(best.standings().get(0).overBestOther().high()).isZero();
    assertThat(best.standings().get(0).overBestOther().contains(-9.9)).isTrue();
  }

  /** Two models with the same rounds are both the best, not neither. */
  @Test
  void of_equalModels_areTied() {
    Map<String, List<Double>> models = new LinkedHashMap<>();
    models.put("one", List.of(90.0, 90.5, 90.2, 89.9));
    models.put("other", List.of(90.0, 90.5, 90.2, 89.9));
    models.put("low", List.of(80.0, 81.0, 79.5, 80.5));

    MultipleComparisonsWithBest best = MultipleComparisonsWithBest.of(models).value().orElseThrow();
    assertThat(best.candidates()).containsExactly("one", "other");
    assertThat(best.candidatesWithin()).isZero();
  }

  @Test
  void of_fewRoundsOrModels_saysSo() {
    assertThat(
            MultipleComparisonsWithBest.of(
                Map.of("one", List.of(90.0, 91.0), "other", List.of(89.0, 91.0))))
        .isEqualTo(Answer.none("No comparison with the best under 3 rounds."));
    assertThat(MultipleComparisonsWithBest.of(Map.of("one", List.of(90.0, 91.0, 92.0))))
        .isEqualTo(Answer.none("At least 2 models are needed."));
  }

  @Test
  void critical_twoModels_isThatOfTheOneSidedPairedT() {
    MultipleComparisonsWithBest best =
        MultipleComparisonsWithBest.of(
                Map.of("one", List.of(90.0, 91.0, 92.0), "other", List.of(89.0, 91.0, 90.0)))
            .value()
            .orElseThrow();

    assertThat(best.critical()).isCloseTo(2.919985580353726, within(1e-12));
  }

  /**
   * All ten intervals at once hold the truth in at least 95 of 100 reports, however models vary.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "best by much, 5, 1, 1",
    "best by little, 0.3, 1, 1",
    "best by much and varies least, 5, 0.3, 2",
    "best by much and varies most, 9, 3, 0.4",
  })
  void intervals_ofSimulatedRounds_holdTheTruth(
      String name, double lead, double bestStd, double otherStd) {
    Random random = new Random(23);
    int held = 0;
    int pooled = 0;
    int candidates = 0;
    for (int report = 0; report < REPORTS; report++) {
      double[][] values = rounds(lead, bestStd, otherStd, random);
      Map<String, List<Double>> models = new LinkedHashMap<>();
      for (int m = 0; m < MODELS; m++) {
        models.put("model " + m, Arrays.stream(values[m]).boxed().toList());
      }
      MultipleComparisonsWithBest best =
          MultipleComparisonsWithBest.of(models).value().orElseThrow();
      boolean all = true;
      for (int m = 0; m < MODELS; m++) {
        all &= best.standings().get(m).overBestOther().contains(m == 0 ? lead : -lead);
      }
      held += all ? 1 : 0;
      pooled += pooledHolds(values, lead) ? 1 : 0;
      candidates += best.candidates().size();
      // The best is a candidate whenever its interval holds what it has over the others.
      assertThat(!all || best.standings().get(0).mayBeBest()).isTrue();
    }

    double coverage = (double) held / REPORTS;
    System.out.printf(
        Locale.ROOT,
        "%-40s intervals hold: %.2f %%; with one pooled variance and Dunnett's q: %.2f %%;"
            + " candidates %.1f%n",
        name,
        100 * coverage,
        100.0 * pooled / REPORTS,
        (double) candidates / REPORTS);
    assertThat(coverage).isGreaterThan(0.94);
  }

  /** Ten models on the same pairs: rounds move all of them, and each a little by itself. */
  private static double[][] rounds(double lead, double bestStd, double otherStd, Random random) {
    double[][] values = new double[MODELS][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double pairs = random.nextGaussian();
      for (int m = 0; m < MODELS; m++) {
        double std = m == 0 ? bestStd : otherStd;
        values[m][round] = 90 + (m == 0 ? lead : 0) + pairs + std * random.nextGaussian();
      }
    }
    return values;
  }

  /** Hsu's intervals for blocks, with the mean square of a two-way analysis of variance. */
  private static boolean pooledHolds(double[][] values, double lead) {
    double[] means =
        Arrays.stream(values).mapToDouble(v -> Arrays.stream(v).sum() / ROUNDS).toArray();
    double mean = Arrays.stream(means).sum() / MODELS;
    double squares = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double block = 0;
      for (double[] model : values) {
        block += model[round] / MODELS;
      }
      for (int m = 0; m < MODELS; m++) {
        double rest = values[m][round] - means[m] - block + mean;
        squares += rest * rest;
      }
    }
    double half = DUNNETT * Math.sqrt(squares / ((MODELS - 1) * (ROUNDS - 1)) * 2.0 / ROUNDS);
    boolean all = true;
    for (int m = 0; m < MODELS; m++) {
      List<Double> others = new ArrayList<>();
      for (int j = 0; j < MODELS; j++) {
        if (j != m) {
          others.add(means[j]);
        }
      }
      double over = means[m] - others.stream().max(Double::compare).orElseThrow();
      double truth = m == 0 ? lead : -lead;
      all &= Math.min(0, over - half) <= truth && truth <= Math.max(0, over + half);
    }
    return all;
  }
}
