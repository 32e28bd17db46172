package dev.twintail.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.BlasTrainer;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.stage.StageName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final Plan PENDING =
      Plan.of(
          Graph.of(TinyExperiment.read(), Choices.NONE),
          Preimages.in(ExperimentRun.environment(new BlasTrainer())),
          Map.of());

  private static final Forecast FORECAST =
      Forecast.of(PENDING, node -> Duration.ofSeconds(seconds(node.stage().name())));

  private static int seconds(StageName stage) {
    return switch (stage) {
      case DATA_GEN -> 1;
      case PRETRAIN_TAIL, PRETRAIN_BODY -> 10;
      case TRAIN_SIAMESE -> 100;
      case SELECT, EVALUATE -> 2;
      case RESULTS -> 3;
    };
  }

  private static long count(StageName... stages) {
    return PENDING.pending().stream()
        .filter(n -> List.of(stages).contains(n.stage().name()))
        .count();
  }

  @Test
  void wall_oneSlot_isAllTheWork() {
    assertThat(FORECAST.actions()).isEqualTo(TinyExperiment.ACTIONS);
    assertThat(FORECAST.wall(1)).isEqualTo(FORECAST.work());
  }

  @Test
  void wall_aSlotForEachAction_isTheCriticalPath() {
    assertThat(FORECAST.wall(1000)).isEqualTo(FORECAST.criticalPath());
    assertThat(FORECAST.criticalPath()).isEqualTo(Duration.ofSeconds(1 + 10 + 100 + 2 + 3));
  }

  @Test
  void wall_threeSlots_dealsEachStageInTurn() {
    long expected =
        ceil(count(StageName.DATA_GEN))
            + 10 * ceil(count(StageName.PRETRAIN_TAIL, StageName.PRETRAIN_BODY))
            + 100 * ceil(count(StageName.TRAIN_SIAMESE))
            + 2 * ceil(count(StageName.EVALUATE))
            + 3;

    assertThat(FORECAST.wall(3)).isEqualTo(Duration.ofSeconds(expected));
  }

  private static long ceil(long actions) {
    return (actions + 2) / 3;
  }
}
