package dev.twintail.model;

import dev.twintail.network.Layer;
import dev.twintail.network.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of each image between layers is computed. A max-pool whose windows do not cover its
 * input leaves the last rows and columns unread, so neither they nor what only they depend on need
 * be known.
 */
final class Cut {
  private Cut() {}

  /**
   * Returns the shape of each layer's output, without the right and the bottom that nothing reads;
   * the last one is whole.
   */
  static List<Shape> outputs(List<Layer> layers, Shape input) {
    List<Shape> whole = new ArrayList<>();
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.output(shape);
      whole.add(shape);
    }
    List<Shape> cut = new ArrayList<>(whole);
    for (int i = layers.size() - 1; i > 0; i--) {
      cut.set(i - 1, read(layers.get(i), cut.get(i), whole.get(i - 1)));
    }
    // What has no way to compute less gives all it is given.
    shape = input;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (isPixelwise(layer)) {
        cut.set(i, shape);
      } else if (!(layer instanceof Layer.Conv || layer instanceof Layer.MaxPool)) {
        cut.set(i, whole.get(i));
      }
      shape = cut.get(i);
    }
    return cut;
  }

  /** Returns what a layer reads of its input to give a part of its output. */
  private static Shape read(Layer layer, Shape part, Shape whole) {
    if (isPixelwise(layer)) {
      return part;
    }
    if (layer instanceof Layer.MaxPool pool) {
      Shape.Image image = (Shape.Image) part;
      int window = pool.window();
      return new Shape.Image(image.channels(), image.height() * window, image.width() * window);
    }
    if (layer instanceof Layer.Conv conv) {
      Shape.Image padded = read(conv, (Shape.Image) part);
      Shape.Image image = (Shape.Image) whole;
      return new Shape.Image(
          image.channels(),
          Math.min(image.height(), padded.height() - conv.padding()),
          Math.min(image.width(), padded.width() - conv.padding()));
    }
    return whole; // Statistics and random draws are of all values.
  }

  /** Returns what a convolution reads of its padded input to give a part of its output. */
  static Shape.Image read(Layer.Conv conv, Shape.Image part) {
    int more = conv.kernel() - 1;
    return new Shape.Image(conv.in(), part.height() + more, part.width() + more);
  }

  private static boolean isPixelwise(Layer layer) {
    return layer instanceof Layer.Relu
        || layer instanceof Layer.LeakyRelu
        || layer instanceof Layer.Sigmoid
        || layer instanceof Layer.Tanh;
  }
}
