package dev.twintail.spec;

import dev.twintail.network.Layer;
import dev.twintail.network.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers put one behind the other, as long as they stay of a size that can be trained. The limits
 * hold at every depth of nesting, so that what a few words repeat in each other is refused before
 * it fills the memory, and no number of values or parameters leaves the range of an int.
 */
final class LayerSequence {
  private static final long MAX_PARAMETERS = 100_000_000;
  private static final long MAX_STEPS = 10_000;
  private static final long MAX_VALUES = 10_000_000;

  private final List<Layer> layers = new ArrayList<>();
  private Shape output;
  private long parameters;
  private long steps;

  LayerSequence(Shape input) {
    output = input;
  }

  /**
   * Adds layers to the end.
   *
   * @throws IllegalArgumentException if one cannot read what is there, or makes too much of it; the
   *     message says why
   */
  void addAll(List<Layer> more) {
    for (Layer layer : more) {
      steps += steps(layer);
      if (steps > MAX_STEPS) {
        throw new IllegalArgumentException("makes more than " + MAX_STEPS + " layers by here");
      }
      parameters += layer.parameters();
      requireParameters(parameters);
      Shape next = layer.output(output);
      if (values(next) > MAX_VALUES) {
        throw new IllegalArgumentException(
            "gives " + next + ", more than " + MAX_VALUES + " values for one image");
      }
      layers.add(layer);
      output = next;
    }
  }

  /**
   * Does nothing where so many parameters are not too many.
   *
   * @throws IllegalArgumentException if they are
   */
  static void requireParameters(long parameters) {
    if (parameters > MAX_PARAMETERS) {
      throw new IllegalArgumentException("has more than " + MAX_PARAMETERS + " parameters");
    }
  }

  /** Returns how many layers are computed one after the other. */
  private static long steps(Layer layer) {
    if (layer instanceof Layer.Tied tied) {
      return tied.times() * steps(tied.layers());
    } else if (layer instanceof Layer.Residual residual) {
      return steps(residual.layers());
    } else if (layer instanceof Layer.Shared shared) {
      return steps(shared.layers());
    }
    return 1;
  }

  private static long steps(List<Layer> layers) {
    return layers.stream().mapToLong(LayerSequence::steps).sum();
  }

  private static long values(Shape shape) {
    return shape instanceof Shape.Image image
        ? (long) image.channels() * image.height() * image.width()
        : shape.size();
  }

  List<Layer> layers() {
    return layers;
  }

  /** Returns what the last layer gives. */
  Shape output() {
    return output;
  }
}
