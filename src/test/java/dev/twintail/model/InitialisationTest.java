package dev.twintail.model;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitialisationTest {
  private static final Seed SEED = Seed.derive(1, "test", "initialisation", 1);
  private static final SiameseNetwork NETWORK = ModelZoo.FC_AUX.network();

  @Test
  void complete_names_asSequential() {
    assertThat(Initialisation.complete(NETWORK, Weights.NONE, SEED).tensors())
        .extracting(Weights.Tensor::name)
        .contains("body.1.weight", "body.9.0.bias", "tail.0.weight", "tail.2.0.weight")
        .hasSize(2 * (4 + 1 + 2) + 2 * 3);
  }

  @Test
  void complete_draws_bodyThenTailWeightThenBias() {
    Weights weights = Initialisation.complete(NETWORK, Weights.NONE, SEED);
    Draws draws = new Draws(SEED);
    float bound = (float) (1 / Math.sqrt(196));
    for (float value : weights.find("body.1.weight").orElseThrow().values()) {
      assertThat(value).isEqualTo(draws.symmetric(bound)).isBetween(-bound, bound);
    }
    assertThat(weights.find("body.1.bias").orElseThrow().values()[0])
        .isEqualTo(draws.symmetric(bound));
  }

  @Test
  void complete_givenTensors_areKeptAndShiftNothing() {
    Weights all = Initialisation.complete(NETWORK, Weights.NONE, SEED);
    Weights.Tensor given = new Weights.Tensor("body.1.bias", List.of(160), new float[160]);
    Weights some = Initialisation.complete(NETWORK, new Weights(List.of(given)), SEED);
    assertThat(some.find("body.1.bias")).containsSame(given);
    assertThat(sameBits(some.part("tail"), all.part("tail"))).isTrue();
  }

  @Test
  void complete_strangeTensor_isRefused() {
    Weights unknown =
        new Weights(List.of(new Weights.Tensor("tail.9.weight", List.of(1), new float[1])));
    assertThatThrownBy(() -> Initialisation.complete(NETWORK, unknown, SEED))
        .hasMessageContaining("tail.9.weight");
    Weights misshapen =
        new Weights(List.of(new Weights.Tensor("body.1.bias", List.of(1), new float[1])));
    assertThatThrownBy(() -> Initialisation.complete(NETWORK, misshapen, SEED))
        .hasMessageContaining("[160]");
  }
}
