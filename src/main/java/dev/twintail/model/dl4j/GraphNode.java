package dev.twintail.model.dl4j;

import dev.twintail.random.Draws;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a layer does to the rows of a batch: arrays are (rows, features) or (rows, channels, height,
 * width). No node changes an array that it is given.
 */
interface GraphNode {
  /**
   * Returns the outputs, and keeps what {@link #backward} needs.
   *
   * @param dropout what dropped values are drawn from while learning; null in evaluation
   */
  INDArray forward(INDArray x, @Nullable Draws dropout);

  /**
   * Returns the gradient of the inputs of the last {@link #forward}; called once after it at most.
   *
   * @param trains whether the layer's parameters gather their gradient
   */
  INDArray backward(INDArray dy, boolean trains);

  /** Gathers the gradient of the parameters as {@link #backward} does; nobody asks for more. */
  default void learn(INDArray dy) {
    backward(dy, true);
  }

  /** Returns whether anything here is learnt. */
  default boolean hasParameters() {
    return false;
  }
}
