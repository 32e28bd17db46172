package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Layer;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.Weight;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's default initialisation of linear and convolution layers: weights and biases alike
 * uniform in ±1/√fan_in (Kaiming uniform with a = √5), which all five reports used. Batch
 * normalisation draws nothing: it begins with scale 1, shift 0, running mean 0 and variance 1.
 */
public final class Initialisation {
  private final Draws draws;
  private final Map<String, Tensor> drawn = new LinkedHashMap<>();

  private Initialisation(Draws draws) {
    this.draws = draws;
  }

  /**
   * Returns all weights of {@code network}: those in {@code initial} as they are, the others drawn
   * from {@code seed}: first body, second body, digit heads, tail; layer by layer, weight before
   * bias; what two bodies share where the first one has it. Tensors that are given are drawn as
   * well and thrown away, so that giving some does not shift the others.
   *
   * @throws IllegalArgumentException if {@code initial} holds a tensor that the network lacks, or
   *     one of another shape
   */
  public static Weights complete(SiameseNetwork network, Weights initial, Seed seed) {
    Initialisation initialisation = new Initialisation(new Draws(seed));
    for (LayerName name : LayerName.bodies(network)) {
      initialisation.draw(name, network.body().layers());
    }
    for (LayerName name : LayerName.digitHeads(network)) {
      initialisation.draw(name, network.digitHead().orElseThrow().layers().layers());
    }
    initialisation.draw(LayerName.of("tail"), network.tail().layers());
    Weights all = new Weights(new ArrayList<>(initialisation.drawn.values()));
    for (Tensor given : initial.tensors()) {
      Tensor own =
          all.find(given.name())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "Cannot start from tensor " + given.name() + ": no layer has it"));
      if (!own.shape().equals(given.shape())) {
        throw new IllegalArgumentException(
            "Cannot start from tensor "
                + given.name()
                + " of shape "
                + given.shape()
                + ": the layer's is "
                + own.shape());
      }
    }
    return new Weights(all.tensors().stream().map(t -> initial.find(t.name()).orElse(t)).toList());
  }

  private void draw(LayerName name, List<Layer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      draw(name.at(i), layers.get(i));
    }
  }

  private void draw(LayerName name, Layer layer) {
    for (Weight weight : layer.weights()) {
      Tensor tensor = new Tensor(name.tensor(weight.name()), weight.shape(), values(weight));
      drawn.put(tensor.name(), tensor);
    }
    if (!(layer instanceof Layer.Shared shared)) {
      draw(name, layer.layers());
    } else if (!name.isSecond()) {
      draw(name.shared(), shared.layers());
    } else if (shared.spare() == Layer.Shared.Spare.SECOND_BODY) {
      // What else the second body shares was drawn with the first one; a spare is its own.
      draw(name, shared.layers());
    }
  }

  private float[] values(Weight weight) {
    float[] values = new float[weight.size()];
    if (weight.start() instanceof Weight.Start.Uniform uniform) {
      float bound = (float) (1 / Math.sqrt(uniform.fanIn()));
      for (int i = 0; i < values.length; i++) {
        values[i] = draws.symmetric(bound);
      }
    } else if (weight.start() instanceof Weight.Start.Constant constant) {
      Arrays.fill(values, constant.value());
    }
    return values;
  }
}
