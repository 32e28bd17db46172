package dev.twintail.model;

import dev.twintail.layer.Layer;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PyTorch's default initialisation: weights and biases alike uniform in ±1/√fan_in, where fan_in is
 * the number of values that one output reads.
 */
public final class Initialisation {
  private final Weights initial;
  private final Draws draws;
  private final List<Weights.Tensor> tensors = new ArrayList<>();
  private int given;

  private Initialisation(Weights initial, Draws draws) {
    this.initial = initial;
    this.draws = draws;
  }

  /**
   * Returns all weights of {@code network}: those of {@code initial}, and the rest drawn from one
   * stream, body before tail, layer by layer, weight before bias, row-major. Given tensors are
   * drawn too and their draws dropped, so that giving some does not shift the others.
   *
   * @throws IllegalArgumentException if {@code initial} holds a tensor that the network lacks, or
   *     one of another shape
   */
  public static Weights complete(Siamese network, Weights initial, Seed seed) {
    Initialisation initialisation = new Initialisation(initial, new Draws(seed));
    initialisation.visit("body", network.body().layers());
    initialisation.visit("tail", network.tail().layers());
    if (initialisation.given < initial.tensors().size()) {
      Weights all = new Weights(initialisation.tensors);
      for (Weights.Tensor tensor : initial.tensors()) {
        if (all.find(tensor.name()).isEmpty()) {
          throw new IllegalArgumentException(
              "Cannot start from tensor " + tensor.name() + ": the network has none of that name");
        }
      }
    }
    return new Weights(initialisation.tensors);
  }

  private void visit(String prefix, List<Layer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      String name = prefix + "." + i;
      if (layers.get(i) instanceof Layer.Conv conv) {
        int fanIn = conv.in() * conv.kernel() * conv.kernel();
        add(name + ".weight", List.of(conv.out(), conv.in(), conv.kernel(), conv.kernel()), fanIn);
        add(name + ".bias", List.of(conv.out()), fanIn);
      } else if (layers.get(i) instanceof Layer.Linear linear) {
        add(name + ".weight", List.of(linear.out(), linear.in()), linear.in());
        add(name + ".bias", List.of(linear.out()), linear.in());
      } else if (layers.get(i) instanceof Layer.Tied tied) {
        visit(name, tied.layers());
      }
    }
  }

  private void add(String name, List<Integer> shape, int fanIn) {
    float[] values = new float[shape.stream().reduce(1, (a, b) -> a * b)];
    float bound = (float) (1 / Math.sqrt(fanIn));
    for (int i = 0; i < values.length; i++) {
      values[i] = draws.symmetric(bound);
    }
    Optional<Weights.Tensor> found = initial.find(name);
    if (found.isPresent()) {
      given++;
    }
    Weights.Tensor used = found.orElseGet(() -> new Weights.Tensor(name, shape, values));
    if (!used.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "Cannot start from tensor "
              + name
              + " of shape "
              + used.shape()
              + ": it must be "
              + shape);
    }
    tensors.add(used);
  }
}
