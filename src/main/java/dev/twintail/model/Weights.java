package dev.twintail.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Named tensors, sorted by name. Names are those of the same layers in a PyTorch {@code
 * nn.Sequential}: {@code body.0.weight} is the weight of the body's first layer, {@code
 * tail.2.0.bias} the bias of the first layer inside the tied group at position 2 of the tail. Where
 * each image has a body of its own, they are {@code body1} and {@code body2}, and layers that both
 * share {@code body}; {@code digits}, {@code digits1} and {@code digits2} likewise.
 */
public record Weights(List<Tensor> tensors) {
  public static final Weights NONE = new Weights(List.of());

  /**
   * One tensor, row-major.
   *
   * @param shape (out, in) of a linear, (out, in, k, k) of a convolution, (out) of a bias,
   *     (channels) of what belongs to a batch normalisation
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Tensor(String name, List<Integer> shape, float[] values) {
    public Tensor {
      shape = List.copyOf(shape);
      int size = 1;
      for (int d : shape) {
        size *= d;
      }
      if (size != values.length) {
        throw new IllegalArgumentException(
            "Cannot build tensor "
                + name
                + " of shape "
                + shape
                + " from "
                + values.length
                + " values");
      }
    }
  }

  public Weights {
    List<Tensor> sorted = new ArrayList<>(tensors);
    sorted.sort(Comparator.comparing(Tensor::name));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).name().equals(sorted.get(i - 1).name())) {
        throw new IllegalArgumentException("Two tensors are named " + sorted.get(i).name());
      }
    }
    tensors = List.copyOf(sorted);
  }

  public Optional<Tensor> find(String name) {
    return tensors.stream().filter(t -> t.name().equals(name)).findFirst();
  }

  /**
   * Returns the tensor.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor require(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("Cannot find tensor " + name));
  }

  /**
   * Returns the tensors of one part, {@code body}, {@code digits} or {@code tail}; of both bodies
   * or digit heads where there are two.
   */
  public Weights part(String part) {
    return new Weights(
        tensors.stream()
            .filter(t -> t.name().matches(Pattern.quote(part) + "[12]?\\..*"))
            .toList());
  }

  /** Returns these and {@code others} together. */
  public Weights with(Weights others) {
    List<Tensor> all = new ArrayList<>(tensors);
    all.addAll(others.tensors);
    return new Weights(all);
  }
}
