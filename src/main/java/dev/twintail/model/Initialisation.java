package dev.twintail.model;

import dev.twintail.layer.Layer;
import dev.twintail.model.Weights.Tensor;
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
  public static Weights complete(Siamese network, Weights initial, Seed seed) {
    Initialisation initialisation = new Initialisation(new Draws(seed));
    for (LayerName name : network.bodyNames()) {
      initialisation.draw(name, network.body().layers());
    }
    for (LayerName name : network.digitNames()) {
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
    if (layer instanceof Layer.Conv conv) {
      int k = conv.kernel();
      draw(name, List.of(conv.out(), conv.in(), k, k), conv.in() * k * k);
    } else if (layer instanceof Layer.Linear linear) {
      draw(name, List.of(linear.out(), linear.in()), linear.in());
    } else if (layer instanceof Layer.BatchNorm norm) {
      fill(name.tensor("weight"), norm.channels(), 1);
      fill(name.tensor("bias"), norm.channels(), 0);
      fill(name.tensor("running_mean"), norm.channels(), 0);
      fill(name.tensor("running_var"), norm.channels(), 1);
    } else if (layer instanceof Layer.Tied tied) {
      draw(name, tied.layers());
    } else if (layer instanceof Layer.Residual residual) {
      draw(name, residual.layers());
    } else if (layer instanceof Layer.Shared shared) {
      // What the second body shares was drawn with the first one; a spare is its own.
      if (!name.isSecond()) {
        draw(name.shared(), shared.layers());
      } else if (shared.spare() == Layer.Shared.Spare.SECOND_BODY) {
        draw(name, shared.layers());
      }
    }
  }

  private void draw(LayerName name, List<Integer> shape, int fanIn) {
    int out = shape.get(0);
    float bound = (float) (1 / Math.sqrt(fanIn));
    add(new Tensor(name.tensor("weight"), shape, uniform(out * fanIn, bound)));
    add(new Tensor(name.tensor("bias"), List.of(out), uniform(out, bound)));
  }

  private void fill(String name, int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    add(new Tensor(name, List.of(size), values));
  }

  private void add(Tensor tensor) {
    drawn.put(tensor.name(), tensor);
  }

  private float[] uniform(int size, float bound) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = draws.symmetric(bound);
    }
    return values;
  }
}
