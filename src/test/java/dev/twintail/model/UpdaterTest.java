package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.network.Augmentation;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Schedule;
import dev.twintail.network.Schedule.State;
import dev.twintail.network.TrainingConfig;
import org.junit.jupiter.api.Test;

/** Optimizers and schedules against their formulas. */
class UpdaterTest {
  private static final Optimizer.Adam ADAM = new Optimizer.Adam(0.1, 0.9, 0.99, 1e-3);
  private static final float[][] GRADIENTS = {{1, -2}, {0.5f, 3}, {-4, 0.25f}};

  @Test
  void adam_threeSteps_equalsTheFormulasInDouble() {
    float[] values = {1, 2};
    Updater updater = Updater.of(ADAM, 2);
    double[] expected = {1, 2};
    double[] m = new double[2];
    double[] v = new double[2];
    for (int t = 1; t <= 3; t++) {
      double rate = 0.1 / t;
      updater.begin(rate);
      updater.apply(values, GRADIENTS[t - 1], 0, 2);
      for (int i = 0; i < 2; i++) {
        double g = GRADIENTS[t - 1][i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.99 * v[i] + 0.01 * g * g;
        double mHat = m[i] / (1 - Math.pow(0.9, t));
        double vHat = v[i] / (1 - Math.pow(0.99, t));
        expected[i] -= rate * mHat / (Math.sqrt(vHat) + 1e-3);
        assertThat((double) values[i]).isCloseTo(expected[i], within(1e-6));
      }
    }
  }

  @Test
  void sgd_withMomentum_equalsNumbersByHand() {
    float[] values = {1, 2};
    Updater updater = Updater.of(new Optimizer.Sgd(0.5, 0.5), 2);
    updater.begin(0.5);
    updater.apply(values, new float[] {1, 0}, 0, 2);
    assertThat(values).containsExactly(0.5f, 2); // v = 1, 0
    updater.begin(0.5);
    updater.apply(values, new float[] {1, 2}, 0, 2);
    assertThat(values).containsExactly(-0.25f, 1); // v = 1.5, 2
    updater.begin(0.25);
    updater.apply(values, new float[] {0.25f, 0}, 0, 2);
    assertThat(values).containsExactly(-0.5f, 0.75f); // v = 1, 1
  }

  @Test
  void restart_anyOptimizer_stepsLikeANewOne() {
    for (Optimizer optimizer : new Optimizer[] {ADAM, new Optimizer.Sgd(0.1, 0.9)}) {
      Updater used = Updater.of(optimizer, 2);
      float[] values = {1, 2};
      used.begin(0.1);
      used.apply(values, GRADIENTS[0], 0, 2);
      used.restart();
      float[] fresh = values.clone();
      Updater other = Updater.of(optimizer, 2);
      used.begin(0.1);
      used.apply(values, GRADIENTS[1], 0, 2);
      other.begin(0.1);
      other.apply(fresh, GRADIENTS[1], 0, 2);
      assertThat(values).containsExactly(fresh);
    }
  }

  @Test
  void schedule_stepDecay_multipliesAfterEveryFewEpochs() {
    TrainingConfig training = training(new Schedule(0.1, 10, State.RESTARTED));
    assertThat(training.learningRate(1)).isEqualTo(0.1);
    assertThat(training.learningRate(10)).isEqualTo(0.1);
    assertThat(training.learningRate(11)).isCloseTo(0.01, within(1e-17));
    assertThat(training.learningRate(21)).isCloseTo(0.001, within(1e-18));
    assertThat(training.schedule().restartsBefore(1)).isFalse();
    assertThat(training.schedule().restartsBefore(10)).isFalse();
    assertThat(training.schedule().restartsBefore(11)).isTrue();
    assertThat(training.schedule().restartsBefore(12)).isFalse();
    assertThat(training.schedule().restartsBefore(21)).isTrue();
  }

  @Test
  void schedule_everyEpochKept_decaysAndNeverRestarts() {
    TrainingConfig training = training(new Schedule(0.9, 1, State.KEPT));
    assertThat(training.learningRate(2)).isCloseTo(0.09, within(1e-16));
    assertThat(training.learningRate(3)).isCloseTo(0.081, within(1e-16));
    assertThat(training.schedule().restartsBefore(2)).isFalse();
    assertThat(training(Schedule.CONSTANT).learningRate(25)).isEqualTo(0.1);
  }

  private static TrainingConfig training(Schedule schedule) {
    return new TrainingConfig(25, 4, false, false, ADAM, schedule, Augmentation.NONE);
  }
}
