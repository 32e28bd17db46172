package dev.twintail.network;

import java.util.List;

/**
 * One tensor of a layer: what it is called, how large it is, and what is in it at first.
 *
 * @param name {@code weight}, {@code bias}, {@code running_mean} or {@code running_var}
 * @param shape (out, in) of a linear, (out, in, k, k) of a convolution, (out) of a bias, (channels)
 *     of what belongs to a batch normalisation
 */
public record Weight(String name, List<Integer> shape, Start start) {
  /** What is in a tensor before anything is learnt. */
  public sealed interface Start {
    /** Uniform in ±1/√fanIn: PyTorch's default (Kaiming uniform with a = √5). */
    record Uniform(int fanIn) implements Start {}

    /**
     * One value everywhere; nothing is drawn.
     *
     * @param trained whether gradients change it, or the statistics of what passes do
     */
    record Constant(float value, boolean trained) implements Start {}
  }

  public Weight {
    shape = List.copyOf(shape);
  }

  /** Returns the number of values. */
  public int size() {
    int size = 1;
    for (int d : shape) {
      size *= d;
    }
    return size;
  }

  boolean isTrained() {
    return !(start instanceof Start.Constant constant) || constant.trained();
  }

  /** Returns weight and bias of an affine layer, drawn in this order. */
  static List<Weight> affine(List<Integer> shape, int fanIn) {
    Start start = new Start.Uniform(fanIn);
    return List.of(
        new Weight("weight", shape, start), new Weight("bias", shape.subList(0, 1), start));
  }
}
