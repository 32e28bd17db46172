package dev.twintail.model.dl4j;

import dev.twintail.random.Draws;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images as vectors, channel by channel, row by row. */
final class FlattenNode implements Node {
  private long[] shape = {};

  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    shape = x.shape();
    return x.dup('c').reshape('c', shape[0], x.length() / shape[0]);
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    return dy.dup('c').reshape('c', shape);
  }

  @Override
  public boolean hasParameters() {
    return false;
  }
}
