package dev.twintail.layer;

import java.util.List;

/** One layer of a network, in the words of the reports; it has a shape but no weights. */
public sealed interface Layer {
  /**
   * Returns what this layer makes of {@code input}.
   *
   * @throws IllegalArgumentException if it cannot read {@code input}; the message says why
   */
  Shape output(Shape input);

  /** Returns the number of trainable parameters. */
  default int parameters() {
    return 0;
  }

  /** Returns the layer as a spec writes it; equal texts mean equal layers. */
  String text();

  /** Convolution with a {@code kernel}×{@code kernel} window, stride 1, no padding, bias. */
  record Conv(int in, int out, int kernel) implements Layer {
    @Override
    public Shape output(Shape input) {
      if (!(input instanceof Shape.Image image) || image.channels() != in) {
        throw mismatch(this, in + " channels", input);
      }
      if (image.height() < kernel || image.width() < kernel) {
        throw mismatch(this, "at least " + kernel + "×" + kernel + " pixels", input);
      }
      return new Shape.Image(out, image.height() - kernel + 1, image.width() - kernel + 1);
    }

    @Override
    public int parameters() {
      return out * (in * kernel * kernel + 1);
    }

    @Override
    public String text() {
      return "conv " + in + " -> " + out + " " + kernel + "x" + kernel;
    }
  }

  /** Maximum over {@code window}×{@code window} windows, stride {@code window}; the rest is cut. */
  record MaxPool(int window) implements Layer {
    @Override
    public Shape output(Shape input) {
      if (!(input instanceof Shape.Image image)
          || image.height() < window
          || image.width() < window) {
        throw mismatch(this, "an image of at least " + window + "×" + window, input);
      }
      return new Shape.Image(image.channels(), image.height() / window, image.width() / window);
    }

    @Override
    public String text() {
      return "max-pool " + window;
    }
  }

  /** max(0, x). */
  record Relu() implements Layer {
    @Override
    public Shape output(Shape input) {
      return input;
    }

    @Override
    public String text() {
      return "relu";
    }
  }

  /** A stack of channels read as one vector, channel by channel, row by row. */
  record Flatten() implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape.Vector(input.size());
    }

    @Override
    public String text() {
      return "flatten";
    }
  }

  /** Affine map of a vector, with bias. */
  record Linear(int in, int out) implements Layer {
    @Override
    public Shape output(Shape input) {
      if (!(input instanceof Shape.Vector vector) || vector.size() != in) {
        throw mismatch(this, in + " features", input);
      }
      return new Shape.Vector(out);
    }

    @Override
    public int parameters() {
      return out * (in + 1);
    }

    @Override
    public String text() {
      return "linear " + in + " -> " + out;
    }
  }

  /** The same {@code layers}, with the same weights, applied {@code times} times in a row. */
  record Tied(int times, List<Layer> layers) implements Layer {
    public Tied {
      layers = List.copyOf(layers);
    }

    @Override
    public Shape output(Shape input) {
      Shape shape = input;
      for (Layer layer : layers) {
        shape = layer.output(shape);
      }
      if (!shape.equals(input)) {
        throw new IllegalArgumentException(
            "'" + text() + "' turns " + input + " into " + shape + ", so it cannot be repeated");
      }
      return shape;
    }

    @Override
    public int parameters() {
      return layers.stream().mapToInt(Layer::parameters).sum();
    }

    @Override
    public String text() {
      return "tied "
          + times
          + ": ["
          + String.join(", ", layers.stream().map(Layer::text).toList())
          + "]";
    }
  }

  private static IllegalArgumentException mismatch(Layer layer, String expected, Shape input) {
    return new IllegalArgumentException(
        "'" + layer.text() + "' reads " + expected + " but is given " + input);
  }
}
