package dev.twintail.model.dl4j;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** ND4J's rectifier, whose own gradient takes ten times as long as this product. */
final class Rectifier extends ActivationReLU {
  private static final long serialVersionUID = 1L;

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray errors) {
    return new Pair<>(Transforms.step(in, false).muli(errors), null);
  }
}
