package dev.twintail.model.dl4j;

import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images as vectors, channel by channel, row by row. */
record FlattenNode(Shape input) implements GraphNode {
  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    return Images.channelsFirst(x).reshape('c', x.size(0), input.size());
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    return Images.channelsLast(dy, dy.size(0), input);
  }
}
