package dev.twintail.model.dl4j;

import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Inverted dropout. DL4J's own draws from a generator that belongs to the thread, whatever else was
 * drawn there; this one's draws are the training's.
 */
final class DropoutNode implements GraphNode {
  private final double rate;
  private final Shape shape;
  private @Nullable INDArray mask;

  DropoutNode(double rate, Shape shape) {
    this.rate = rate;
    this.shape = shape;
  }

  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    mask = dropout == null ? null : mask(x, dropout);
    return mask == null ? x.dup() : x.mul(mask);
  }

  /** Draws value by value, channel by channel, and for each value row by row. */
  private INDArray mask(INDArray x, Draws dropout) {
    int rows = Math.toIntExact(x.size(0));
    int values = shape.size();
    float kept = (float) (1 / (1 - rate));
    float[] factors = new float[rows * values];
    for (int value = 0; value < values; value++) {
      for (int row = 0; row < rows; row++) {
        boolean drops = (dropout.symmetric(1) + 1.0) / 2 < rate;
        factors[row * values + value] = drops ? 0 : kept;
      }
    }
    return Images.channelsLast(Nd4j.createFromArray(factors).castTo(x.dataType()), rows, shape);
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    return mask == null ? dy : dy.mul(mask);
  }
}
