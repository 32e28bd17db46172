package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.network.Head;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelZooTest {
  @ParameterizedTest
  @EnumSource
  void network_has_thePublishedNumberOfParameters(ModelZoo model) {
    SiameseNetwork network = model.network();
    assertThat(network.body().parameters() + network.tail().parameters())
        .isEqualTo(model.parameters());
  }

  @ParameterizedTest
  @EnumSource
  void tail_ends_inTwoLogits(ModelZoo model) {
    if (model.network().head() != Head.ARITHMETIC) {
      int features = model.network().body().output(model.network().input()).size();
      assertThat(model.network().tail().output(new Shape.Vector(2 * features)))
          .isEqualTo(new Shape.Vector(2));
    }
  }
}
