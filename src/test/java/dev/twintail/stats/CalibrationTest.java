package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.stats.Prediction.PredictionVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How often verdicts are false, over simulated publications: draws of pairs, initialisations and
 * rounds vary about as much as they were found to. Each publication is one table of a procedure
 * that we run, too; so each alarm is false. The rates of a verdict that takes the rounds of one
 * table for independent are printed beside.
 */
class CalibrationTest {
  private static final int PUBLICATIONS = 4_000;
  private static final double MARGIN = 2;
  private static final int ROUNDS = 10;

  private static final double DRAW = 1.5;
  private static final double INITIALISATION = 1;
  private static final double REST = 0.5;
  private static final double MEAN = 85;

  /** An accuracy over 1,000 pairs, in percent. */
  private static double measured(double accuracy) {
    return Math.min(100, Math.rint(10 * accuracy) / 10);
  }

  /** Rounds of one table of a procedure. */
  private static List<Double> table(Sharing sharing, int rounds, double mean, Random random) {
    double draw = DRAW * random.nextGaussian();
    double init = INITIALISATION * random.nextGaussian();
    double walk = 0;
    List<Double> table = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      switch (sharing) {
        case NOTHING -> {
          draw = DRAW * random.nextGaussian();
          init = INITIALISATION * random.nextGaussian();
        }
        case DRAW -> init = INITIALISATION * random.nextGaussian();
        case WEIGHTS -> walk = 0.8 * walk + 0.3 + 0.4 * random.nextGaussian();
      }
      table.add(measured(mean + draw + init + walk + REST * random.nextGaussian()));
    }
    return table;
  }

  private static Tables tables(Sharing sharing, int count, int rounds, double mean, Random random) {
    List<List<Double>> tables = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tables.add(table(sharing, rounds, mean, random));
    }
    return new Tables(sharing, tables);
  }

  /** Mean and deviation as a report prints them. */
  private static Sample printed(List<Double> rounds) {
    Sample sample = Sample.of(rounds);
    return Sample.published(
        hundredths(sample.mean()), hundredths(sample.std().orElseThrow()), sample.n());
  }

  private static double hundredths(double value) {
    return Math.rint(100 * value) / 100;
  }

  private static boolean isAlarm(Prediction prediction) {
    return prediction.verdict() == PredictionVerdict.ABOVE
        || prediction.verdict() == PredictionVerdict.BELOW;
  }

  private static boolean isAlarm(Reproduction reproduction) {
    return reproduction.verdict() == Reproduction.ReproductionVerdict.ABOVE
        || reproduction.verdict() == Reproduction.ReproductionVerdict.BELOW;
  }

  private static double rate(Supplier<Boolean> publication) {
    int count = 0;
    for (int i = 0; i < PUBLICATIONS; i++) {
      count += publication.get() ? 1 : 0;
    }
    return (double) count / PUBLICATIONS;
  }

  private static void print(String what, double... rates) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-58s", what));
    for (double rate : rates) {
      line.append(String.format(Locale.ROOT, " %6.2f %%", 100 * rate));
    }
    System.out.println(line);
  }

  private static Stream<Arguments> procedures() {
    return Stream.of(
        Arguments.of(Sharing.NOTHING, 1, 3, 10),
        Arguments.of(Sharing.NOTHING, 1, 5, 10),
        Arguments.of(Sharing.NOTHING, 1, 10, 10),
        Arguments.of(Sharing.NOTHING, 1, 10, 30),
        Arguments.of(Sharing.NOTHING, 1, 30, 10),
        Arguments.of(Sharing.DRAW, 3, 10, 10),
        Arguments.of(Sharing.DRAW, 6, 3, 3),
        Arguments.of(Sharing.DRAW, 20, 10, 10),
        Arguments.of(Sharing.DRAW, 20, 10, 5),
        Arguments.of(Sharing.WEIGHTS, 3, 10, 10),
        Arguments.of(Sharing.WEIGHTS, 10, 10, 10),
        Arguments.of(Sharing.WEIGHTS, 10, 10, 5));
  }

  @ParameterizedTest(name = "{0}: {1} tables of {2} rounds, a claim of {3}")
  @MethodSource("procedures")
  void prediction_ofTheSameProcedure_isFalseInFivePercent(
      Sharing sharing, int count, int rounds, int claimed) {
    Random random = new Random(16);
    int[] former = {0};

    double rate =
        rate(
            () -> {
              Tables ours = tables(sharing, count, rounds, MEAN, random);
              Sample claim = printed(table(sharing, claimed, MEAN, random));
              Sample one = Sample.of(ours.rounds().get(0));
              former[0] += isAlarm(Reproduction.of(one, claim, MARGIN)) ? 1 : 0;
              return isAlarm(Prediction.of(ours, claim, MARGIN));
            });

    print(
        sharing + ", " + count + " x " + rounds + ", claim of " + claimed + ": new, former alarms",
        rate,
        (double) former[0] / PUBLICATIONS);
    assertThat(rate).isBetween(0.03, 0.07);
  }

  /** Without a published deviation ours is lent; the rate holds. */
  @Test
  void prediction_withoutTheirDeviation_isFalseInFivePercent() {
    Random random = new Random(17);

    double rate =
        rate(
            () -> {
              Tables ours = tables(Sharing.NOTHING, 1, ROUNDS, MEAN, random);
              double mean = printed(table(Sharing.NOTHING, ROUNDS, MEAN, random)).mean();
              return isAlarm(Prediction.of(ours, Sample.published(mean, ROUNDS), MARGIN));
            });

    print("NOTHING, no deviation published: new alarms", rate);
    assertThat(rate).isBetween(0.03, 0.07);
  }

  @Test
  void prediction_ofAClaimThreePointsOff_isAnAlarm() {
    Random random = new Random(18);
    for (Sharing sharing : Sharing.values()) {
      int count = sharing == Sharing.NOTHING ? 1 : 20;
      double power =
          rate(
              () -> {
                Tables ours = tables(sharing, count, ROUNDS, MEAN, random);
                Sample claim = printed(table(sharing, ROUNDS, MEAN + 3, random));
                return Prediction.of(ours, claim, MARGIN).verdict() == PredictionVerdict.BELOW;
              });
      print(sharing + ", " + count + " x 10, claim 3 points more: found", power);
      if (sharing == Sharing.NOTHING) {
        assertThat(power).isGreaterThanOrEqualTo(0.8);
      }
    }
  }

  /**
   * One round in ten learns nothing, as was found: no law of errors covers that, so the more care.
   */
  @Test
  void prediction_withRoundsThatDoNotLearn_isNotFalseMoreOften() {
    Random random = new Random(19);
    for (Sharing sharing : List.of(Sharing.NOTHING, Sharing.DRAW)) {
      int count = sharing == Sharing.NOTHING ? 1 : 20;
      double rate =
          rate(
              () -> {
                List<List<Double>> ours = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                  ours.add(someStuck(table(sharing, ROUNDS, MEAN, random), random));
                }
                Sample claim = printed(someStuck(table(sharing, ROUNDS, MEAN, random), random));
                return isAlarm(Prediction.of(new Tables(sharing, ours), claim, MARGIN));
              });
      print(sharing + ", " + count + " x 10, 1 round in 10 stuck: new alarms", rate);
      assertThat(rate).isLessThan(0.07);
    }
  }

  private static List<Double> someStuck(List<Double> rounds, Random random) {
    return rounds.stream().map(r -> random.nextInt(10) == 0 ? 54.5 : r).toList();
  }

  /** Of the second verdict: no false difference, and no false agreement at the margin. */
  @ParameterizedTest
  @EnumSource(Sharing.class)
  void reproduction_withTheVarianceOfTables_isFalseInFivePercentAtMost(Sharing sharing) {
    Random random = new Random(20);
    int[] former = new int[2];

    double alarms = rate(() -> isAlarm(reproduction(sharing, 0, random, former)));
    double agreements =
        rate(
            () ->
                reproduction(sharing, MARGIN, random, former).verdict()
                    == Reproduction.ReproductionVerdict.REPRODUCED);

    print(
        sharing + ", common protocol: new, former false differences",
        alarms,
        (double) former[0] / PUBLICATIONS);
    print(
        sharing + ", common protocol: new, former false agreements",
        agreements,
        (double) former[1] / PUBLICATIONS);
    assertThat(alarms).isLessThan(0.07);
    assertThat(agreements).isLessThan(0.07);
  }

  /** Our rounds of the common protocol are so much better than the claim's procedure. */
  private static Reproduction reproduction(
      Sharing sharing, double better, Random random, int[] former) {
    int count = sharing == Sharing.WEIGHTS ? 10 : 20;
    Tables procedure = tables(sharing, count, ROUNDS, MEAN, random);
    // Rounds that go on from each other end higher than the mean they started with.
    double level = sharing == Sharing.WEIGHTS ? 0.3 / 0.2 * (1 - gone()) : 0;
    Sample ours = Sample.of(table(Sharing.NOTHING, 20, MEAN + level + better, random));
    Sample claim = printed(table(sharing, ROUNDS, MEAN, random));
    Reproduction before = Reproduction.of(ours, claim, MARGIN);
    boolean reproduced = before.verdict() == Reproduction.ReproductionVerdict.REPRODUCED;
    former[better == 0 ? 0 : 1] += (better == 0 ? isAlarm(before) : reproduced) ? 1 : 0;
    return Reproduction.of(ours, claim, procedure, MARGIN);
  }

  /** The mean of 0.8ᵏ over rounds 1 to 10. */
  private static double gone() {
    double sum = 0;
    double power = 1;
    for (int k = 1; k <= ROUNDS; k++) {
      power *= 0.8;
      sum += power;
    }
    return sum / ROUNDS;
  }

  /** Ten models share each draw: their alarms come together, but no more often. */
  @Test
  void leaveOneOut_ofTablesThatShareDraws_alarmsInFivePercent() {
    Random random = new Random(21);
    int alarms = 0;
    int judged = 0;
    for (int report = 0; report < 200; report++) {
      double[] draws = random.doubles(20).map(u -> random.nextGaussian()).toArray();
      List<Tables> models = new ArrayList<>();
      for (int model = 0; model < 10; model++) {
        List<List<Double>> tables = new ArrayList<>();
        for (double draw : draws) {
          tables.add(
              random
                  .doubles(ROUNDS)
                  .mapToObj(
                      u -> measured(MEAN + DRAW * draw + INITIALISATION * random.nextGaussian()))
                  .toList());
        }
        models.add(new Tables(Sharing.DRAW, tables));
      }
      LeaveOneOut left = LeaveOneOut.of(models, MARGIN);
      alarms += left.alarms();
      judged += left.judged();
      assertThat(left.judged() + left.undecided()).isEqualTo(200);
    }

    double rate = (double) alarms / judged;
    print("leave one out, 10 models on 20 shared draws: alarms", rate);
    assertThat(rate).isBetween(0.03, 0.07);
  }

  @Test
  void intervalOfPairs_nestedTables_holdsTheTruth() {
    Random random = new Random(22);
    int[] rest = {0};

    double held =
        rate(
            () -> {
              VarianceComponents found =
                  VarianceComponents.nested(tables(Sharing.DRAW, 20, ROUNDS, MEAN, random))
                      .value()
                      .orElseThrow();
              double within = INITIALISATION * INITIALISATION + REST * REST;
              rest[0] += found.components().get(1).interval95().contains(within) ? 1 : 0;
              return found.components().get(0).interval95().contains(DRAW * DRAW);
            });

    print("intervals of pairs and rest hold the truth", held, (double) rest[0] / PUBLICATIONS);
    assertThat(held).isBetween(0.93, 0.97);
    assertThat((double) rest[0] / PUBLICATIONS).isBetween(0.93, 0.97);
  }
}
