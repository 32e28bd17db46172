package dev.twintail.model.dl4j;

import dev.twintail.random.Draws;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** x + f(x). */
record ResidualNode(GraphNode inner) implements GraphNode {
  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    return x.add(inner.forward(x, dropout));
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    // A copy: layers of DL4J's may write into the gradient that they are given.
    return dy.add(inner.backward(dy.dup(), trains));
  }

  @Override
  public void learn(INDArray dy) {
    inner.learn(dy.dup());
  }

  @Override
  public boolean hasParameters() {
    return inner.hasParameters();
  }
}
