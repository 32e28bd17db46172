package dev.twintail.model.dl4j;

import dev.twintail.model.Weights;
import dev.twintail.network.Optimizer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One named tensor and its place in a DL4J network, or its places, which hold equal values, if it
 * is tied; with its two moments of Adam.
 *
 * <p>DL4J keeps the weight of a dense layer as (in, out): {@link Weights} has (out, in).
 */
final class Parameter {
  private final String name;
  private final List<String> keys;
  private final List<INDArray> places;
  private final int[] shape;
  private final INDArray firstMoment;
  private final INDArray secondMoment;

  /**
   * @param keys DL4J's names of the places, such as {@code 3_W} for the weight of layer 3
   */
  Parameter(String name, List<String> keys, MultiLayerNetwork network) {
    this.name = name;
    this.keys = List.copyOf(keys);
    this.places = keys.stream().map(network::getParam).toList();
    INDArray place = places.get(0);
    this.shape = Arrays.stream(rowMajor(place).shape()).mapToInt(Math::toIntExact).toArray();
    this.firstMoment = Nd4j.create(place.dataType(), place.shape(), place.ordering());
    this.secondMoment = Nd4j.create(place.dataType(), place.shape(), place.ordering());
  }

  String name() {
    return name;
  }

  /** Copies values from {@code tensor} to all places. */
  void assign(Weights.Tensor tensor) {
    for (INDArray place : places) {
      INDArray target = rowMajor(place);
      target.assign(
          Nd4j.createFromArray(tensor.values()).castTo(target.dataType()).reshape(target.shape()));
    }
  }

  Weights.Tensor tensor() {
    INDArray values = rowMajor(places.get(0));
    return new Weights.Tensor(
        name,
        Arrays.stream(shape).boxed().toList(),
        values.dup('c').reshape(values.length()).toFloatVector());
  }

  /** Returns the sum over all places, in the shape of {@link #tensor}. */
  INDArray gradient(Gradient gradient) {
    return rowMajor(sum(gradient));
  }

  /**
   * Takes one step of Adam as PyTorch defines it, by ND4J's kernel. The kernel adds ε to √v where
   * PyTorch adds it to √(v / (1 − β₂ᵗ)): it is given ε·√(1 − β₂ᵗ), which makes the two equal.
   *
   * @param steps steps taken before this one: t − 1
   */
  void step(Gradient gradient, Optimizer.Adam adam, int steps) {
    INDArray update = sum(gradient);
    double epsilon = adam.epsilon() * Math.sqrt(1 - StrictMath.pow(adam.beta2(), steps + 1));
    Nd4j.exec(
        new AdamUpdater(
            update,
            secondMoment,
            firstMoment,
            adam.learningRate(),
            adam.beta1(),
            adam.beta2(),
            epsilon,
            steps));
    for (INDArray place : places) {
      place.subi(update);
    }
  }

  private INDArray sum(Gradient gradient) {
    INDArray sum = gradient.getGradientFor(keys.get(0)).dup();
    for (String key : keys.subList(1, keys.size())) {
      sum.addi(gradient.getGradientFor(key));
    }
    return sum;
  }

  private INDArray rowMajor(INDArray place) {
    if (name.endsWith(".bias")) {
      return place.reshape(place.length());
    }
    return place.rank() == 2 ? place.transpose() : place;
  }
}
