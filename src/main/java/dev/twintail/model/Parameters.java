package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Optimizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All parameters of a network, one for each name. */
final class Parameters implements AutoCloseable {
  private final Map<LayerName, Parameter> byName = new LinkedHashMap<>();

  /** Returns the parameter of that name, the same one for every layer that uses it. */
  Affine affine(LayerName name, int out, int in) {
    return (Affine) byName.computeIfAbsent(name, n -> new Affine(n, out, in));
  }

  /** Returns the parameter of that name, the same one for every layer that uses it. */
  RowFilters filters(LayerName name, List<Integer> weightShape) {
    return (RowFilters) byName.computeIfAbsent(name, n -> new RowFilters(n, weightShape));
  }

  /** Returns the parameter of that name, the same one for every layer that uses it. */
  WinogradFilters winograd(LayerName name, int out, int in) {
    return (WinogradFilters) byName.computeIfAbsent(name, n -> new WinogradFilters(n, out, in));
  }

  /** Returns the parameter of that name, the same one for every layer that uses it. */
  Normalisation normalisation(LayerName name, int channels) {
    return (Normalisation) byName.computeIfAbsent(name, n -> new Normalisation(n, channels));
  }

  void load(Weights weights) {
    byName.values().forEach(p -> p.load(weights));
  }

  Weights weights() {
    return new Weights(byName.values().stream().flatMap(p -> p.tensors().stream()).toList());
  }

  /** Returns the gradients of the last backward pass; zero where none arrived. */
  Weights gradients() {
    List<Tensor> gradients =
        byName.values().stream().flatMap(p -> p.gradientTensors().stream()).toList();
    return new Weights(gradients);
  }

  void clearGradients() {
    byName.values().forEach(Parameter::clearGradient);
  }

  void step(Optimizer optimizer, double rate) {
    byName.values().forEach(p -> p.step(optimizer, rate));
  }

  void restart() {
    byName.values().forEach(Parameter::restart);
  }

  @Override
  public void close() {
    byName.values().forEach(Parameter::close);
  }
}
