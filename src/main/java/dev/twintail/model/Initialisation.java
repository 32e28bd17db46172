package dev.twintail.model;

import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.model.Weights.Tensor;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.ArrayList;
import java.util.List;

/**
 * PyTorch's default initialisation of linear and convolution layers: weights and biases alike
 * uniform in ±1/√fan_in (Kaiming uniform with a = √5), which all five reports used.
 */
public final class Initialisation {
  private Initialisation() {}

  /**
   * Returns all weights of {@code network}: those in {@code initial} as they are, the others drawn
   * from {@code seed}, body before tail, layer by layer, weight before bias. Tensors that are given
   * are drawn as well and thrown away, so that giving some does not shift the others.
   *
   * @throws IllegalArgumentException if {@code initial} holds a tensor that the network lacks, or
   *     one of another shape
   */
  public static Weights complete(Siamese network, Weights initial, Seed seed) {
    Draws draws = new Draws(seed);
    List<Tensor> drawn = new ArrayList<>();
    draw("body", network.body(), draws, drawn);
    draw("tail", network.tail(), draws, drawn);
    Weights all = new Weights(drawn);
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

  private static void draw(String part, LayerList list, Draws draws, List<Tensor> drawn) {
    for (int i = 0; i < list.layers().size(); i++) {
      draw(part + "." + i, list.layers().get(i), draws, drawn);
    }
  }

  private static void draw(String name, Layer layer, Draws draws, List<Tensor> drawn) {
    if (layer instanceof Layer.Conv conv) {
      int k = conv.kernel();
      draw(name, List.of(conv.out(), conv.in(), k, k), conv.in() * k * k, draws, drawn);
    } else if (layer instanceof Layer.Linear linear) {
      draw(name, List.of(linear.out(), linear.in()), linear.in(), draws, drawn);
    } else if (layer instanceof Layer.Tied tied) {
      for (int i = 0; i < tied.layers().size(); i++) {
        draw(name + "." + i, tied.layers().get(i), draws, drawn);
      }
    }
  }

  private static void draw(
      String name, List<Integer> shape, int fanIn, Draws draws, List<Tensor> drawn) {
    int out = shape.get(0);
    float bound = (float) (1 / Math.sqrt(fanIn));
    drawn.add(new Tensor(name + ".weight", shape, uniform(out * fanIn, bound, draws)));
    drawn.add(new Tensor(name + ".bias", List.of(out), uniform(out, bound, draws)));
  }

  private static float[] uniform(int size, float bound, Draws draws) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = draws.symmetric(bound);
    }
    return values;
  }
}
