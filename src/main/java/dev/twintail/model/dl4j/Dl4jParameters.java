package dev.twintail.model.dl4j;

import dev.twintail.model.Weights;
import dev.twintail.network.Optimizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** All parameters of a network: layers that bear one name read one place. */
final class Dl4jParameters {
  private final Weights start;
  private final DataType type;
  private final Map<String, INDArray> places = new HashMap<>();
  private final Map<String, Dl4jParameter> byName = new LinkedHashMap<>();

  /**
   * @param start at least all tensors of the network
   * @param type precision of the arithmetic
   */
  Dl4jParameters(Weights start, DataType type) {
    this.start = start;
    this.type = type;
  }

  DataType type() {
    return type;
  }

  /** Returns where all layers of that name have their values, one row of them. */
  INDArray place(String layer, long length) {
    return places.computeIfAbsent(layer, l -> Nd4j.create(type, 1, length));
  }

  /**
   * Returns the tensor of that name.
   *
   * @param place where its layer has it
   * @throws IllegalArgumentException if the weights to start from lack it
   */
  Dl4jParameter tensor(String name, INDArray place) {
    return byName.computeIfAbsent(
        name,
        n ->
            new Dl4jParameter(
                place,
                start
                    .find(n)
                    .orElseThrow(() -> new IllegalArgumentException("Missing tensor " + n))));
  }

  /**
   * Returns the tensor of that name, which no layer of DL4J's has: a row of values.
   *
   * @throws IllegalArgumentException if the weights to start from lack it
   */
  Dl4jParameter tensor(String name, int length) {
    return tensor(name, place(name, length));
  }

  /** Returns the weights as they are now; those that no layer reads as they were given. */
  Weights weights() {
    return new Weights(
        start.tensors().stream()
            .map(t -> byName.containsKey(t.name()) ? byName.get(t.name()).tensor() : t)
            .toList());
  }

  void clearGradients() {
    byName.values().forEach(Dl4jParameter::clearGradient);
  }

  /** Returns the names of the tensors that the last gradient reached. */
  List<String> reached() {
    return byName.values().stream()
        .filter(Dl4jParameter::isReached)
        .map(Dl4jParameter::name)
        .toList();
  }

  /**
   * Returns the last gradient of a tensor, row-major.
   *
   * @throws IllegalStateException if none arrived
   */
  double[] gradient(String name) {
    Dl4jParameter parameter = byName.get(name);
    if (parameter == null || !parameter.isReached()) {
      throw new IllegalStateException("No gradient of " + name);
    }
    return parameter.gradient();
  }

  /** Moves all tensors that a gradient reached. */
  void step(Optimizer optimizer, double rate) {
    byName.values().forEach(p -> p.step(optimizer, rate));
  }

  /** Makes the optimizer forget all steps. */
  void restart() {
    byName.values().forEach(Dl4jParameter::restart);
  }
}
