package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.network.Optimizer;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
  private static final Seed SEED = Seed.derive(1, "test", "shuffle", 1);
  private static final Optimizer.Adam ADAM = new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8);

  @Test
  void nextEpoch_shuffled_drawsOnAndOn() {
    BatchOrder order = new BatchOrder(5, TrainingConfig.plain(2, 2, true, false, ADAM), SEED);
    Draws draws = new Draws(SEED);
    assertThat(order.nextEpoch()).isEqualTo(draws.permutation(5));
    assertThat(order.nextEpoch()).isEqualTo(draws.permutation(5));
  }

  @Test
  void nextEpoch_notShuffled_keepsTheOrder() {
    BatchOrder order = new BatchOrder(3, TrainingConfig.plain(2, 2, false, false, ADAM), SEED);
    order.nextEpoch();
    assertThat(order.nextEpoch()).containsExactly(0, 1, 2);
  }
}
