package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.network.Layer;
import dev.twintail.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutTest {
  private static final Layer RELU = new Layer.Relu();

  @Test
  void outputs_poolLeavesEdgesUnread_convolutionsBeforeItComputeLess() {
    List<Layer> conv2 =
        List.of(
            new Layer.Conv(1, 16, 5, 0),
            RELU,
            new Layer.Conv(16, 32, 3, 0),
            new Layer.Conv(32, 64, 3, 0),
            new Layer.Conv(64, 128, 2, 0),
            new Layer.MaxPool(2),
            RELU);
    assertThat(Cut.outputs(conv2, new Shape.Image(1, 14, 14)))
        .containsExactly(
            new Shape.Image(16, 9, 9),
            new Shape.Image(16, 9, 9),
            new Shape.Image(32, 7, 7),
            new Shape.Image(64, 5, 5),
            new Shape.Image(128, 4, 4),
            new Shape.Image(128, 2, 2),
            new Shape.Image(128, 2, 2));
  }

  @Test
  void outputs_batchNormBetween_readsAll() {
    Layer norm = new Layer.BatchNorm(2, Layer.BatchNorm.Statistics.POOLED);
    List<Layer> layers = List.of(new Layer.Conv(1, 2, 2, 1), norm, RELU, new Layer.MaxPool(2));
    assertThat(Cut.outputs(layers, new Shape.Image(1, 4, 4)))
        .containsExactly(
            new Shape.Image(2, 5, 5),
            new Shape.Image(2, 5, 5),
            new Shape.Image(2, 5, 5),
            new Shape.Image(2, 2, 2));
  }
}
