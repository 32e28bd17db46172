package dev.twintail.network;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** One layer of a network, in the words of the reports; it has a shape but no weights. */
public sealed interface Layer {
  /**
   * Returns what this layer makes of {@code input}: the same shape, unless a layer says otherwise.
   *
   * @throws IllegalArgumentException if it cannot read {@code input}; the message says why
   */
  default Shape output(Shape input) {
    return input;
  }

  /** Returns the tensors of this layer itself, in the order in which they are drawn. */
  default List<Weight> weights() {
    return List.of();
  }

  /** Returns the layers inside, which have tensors of their own. */
  default List<Layer> layers() {
    return List.of();
  }

  /** Returns the number of trainable parameters, those of the layers inside included. */
  default int parameters() {
    return weights().stream().filter(Weight::isTrained).mapToInt(Weight::size).sum()
        + layers().stream().mapToInt(Layer::parameters).sum();
  }

  /** Returns how many of the parameters two separate bodies have in common. */
  default int sharedParameters() {
    return layers().stream().mapToInt(Layer::sharedParameters).sum();
  }

  /** Returns the word in keys, which never changes; equal words mean equal layers. */
  String keyWord();

  /** Returns the layer as a spec writes it, for people. */
  default String text() {
    return keyWord();
  }

  /**
   * Convolution with a {@code kernel}×{@code kernel} window, stride 1, bias.
   *
   * @param padding rows and columns of zeros around the image
   */
  record Conv(int in, int out, int kernel, int padding) implements Layer {
    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof Conv that
          && in == that.in
          && out == that.out
          && kernel == that.kernel
          && padding == that.padding;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * (31 * in + out) + kernel) + padding;
    }

    @Override
    public Shape output(Shape input) {
      if (!(input instanceof Shape.Image image) || image.channels() != in) {
        throw mismatch(this, in + " channels", input);
      }
      int height = image.height() + 2 * padding;
      int width = image.width() + 2 * padding;
      if (height < kernel || width < kernel) {
        throw mismatch(this, "at least " + kernel + "×" + kernel + " pixels", input);
      }
      return new Shape.Image(out, height - kernel + 1, width - kernel + 1);
    }

    @Override
    public List<Weight> weights() {
      return Weight.affine(List.of(out, in, kernel, kernel), in * kernel * kernel);
    }

    @Override
    public String keyWord() {
      String padded = padding == 0 ? "" : " pad " + padding;
      return "conv " + in + " -> " + out + " " + kernel + "x" + kernel + padded;
    }
  }

  /** Maximum over {@code window}×{@code window} windows, stride {@code window}; the rest is cut. */
  record MaxPool(int window) implements Layer {
    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof MaxPool that && window == that.window;
    }

    @Override
    public int hashCode() {
      return window;
    }

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
    public String keyWord() {
      return "max-pool " + window;
    }
  }

  /** max(0, x). */
  record Relu() implements Layer {
    @Override
    public String keyWord() {
      return "relu";
    }
  }

  /** x where it is positive, else 0.01·x. */
  record LeakyRelu() implements Layer {
    /** PyTorch's default. */
    public static final float SLOPE = 0.01f;

    @Override
    public String keyWord() {
      return "leaky-relu";
    }
  }

  /** 1/(1 + exp(−x)). */
  record Sigmoid() implements Layer {
    @Override
    public String keyWord() {
      return "sigmoid";
    }
  }

  /** The hyperbolic tangent. */
  record Tanh() implements Layer {
    @Override
    public String keyWord() {
      return "tanh";
    }
  }

  /**
   * In training, each value becomes 0 with probability {@code rate}, else is divided by 1 − rate;
   * in evaluation, nothing happens.
   *
   * @param rate from 0 to below 1
   */
  record Dropout(double rate) implements Layer {
    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof Dropout that && Double.compare(rate, that.rate) == 0;
    }

    @Override
    public int hashCode() {
      return Double.hashCode(rate);
    }

    @Override
    public String keyWord() {
      return "dropout " + shortest(rate);
    }
  }

  /** Returns the fewest digits that stand for a number; those of Double.toString vary with Java. */
  private static String shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    int digits = 1;
    while (exact.round(new MathContext(digits)).doubleValue() != value) {
      digits++;
    }
    BigDecimal shortest = exact.round(new MathContext(digits));
    return (shortest.scale() < 1 ? shortest.setScale(1) : shortest).toPlainString();
  }

  /**
   * Batch normalisation (Ioffe and Szegedy, 2015) of each channel of an image, or each feature of a
   * vector: y = scale · (x − mean) / √(variance + 1e-5) + shift, with a learnt scale and shift. In
   * training, mean and biased variance are those of the batch, over all images and pixels; in
   * evaluation, running ones: after each pass running = 0.9 · running + 0.1 · batch, with the
   * unbiased variance, as in PyTorch. A batch in training has two values a channel at least.
   *
   * @param channels channels of an image, or features of a vector
   * @param statistics over which images, where one body reads both
   */
  record BatchNorm(int channels, Statistics statistics) implements Layer {
    /** Over which images of a batch of pairs mean and variance are taken. */
    public enum Statistics {
      /** The first images by themselves, then the second ones: two passes, as in fu's code. */
      EACH_IMAGE,
      /** The first and second images together, in one pass. */
      POOLED
    }

    @Override
    public Shape output(Shape input) {
      int found = input instanceof Shape.Image image ? image.channels() : input.size();
      if (found != channels) {
        throw mismatch(this, channels + " channels or features", input);
      }
      return input;
    }

    @Override
    public List<Weight> weights() {
      List<Integer> shape = List.of(channels);
      return List.of(
          new Weight("weight", shape, new Weight.Start.Constant(1, true)),
          new Weight("bias", shape, new Weight.Start.Constant(0, true)),
          new Weight("running_mean", shape, new Weight.Start.Constant(0, false)),
          new Weight("running_var", shape, new Weight.Start.Constant(1, false)));
    }

    @Override
    public String keyWord() {
      return "batch-norm " + channels + (statistics == Statistics.POOLED ? " pooled" : "");
    }
  }

  /** A stack of channels read as one vector, channel by channel, row by row. */
  record Flatten() implements Layer {
    @Override
    public Shape output(Shape input) {
      return new Shape.Vector(input.size());
    }

    @Override
    public String keyWord() {
      return "flatten";
    }
  }

  /** Affine map of a vector, with bias. */
  record Linear(int in, int out) implements Layer {
    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof Linear that && in == that.in && out == that.out;
    }

    @Override
    public int hashCode() {
      return 31 * in + out;
    }

    @Override
    public Shape output(Shape input) {
      if (!(input instanceof Shape.Vector vector) || vector.size() != in) {
        throw mismatch(this, in + " features", input);
      }
      return new Shape.Vector(out);
    }

    @Override
    public List<Weight> weights() {
      return Weight.affine(List.of(out, in), in);
    }

    @Override
    public String keyWord() {
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
      return kept(this, layers, input, "repeated");
    }

    @Override
    public String keyWord() {
      return "tied " + times + ": " + new LayerList(layers).keyWord();
    }
  }

  /** x + f(x), with f the {@code layers}, which keep the shape. */
  record Residual(List<Layer> layers) implements Layer {
    public Residual {
      layers = List.copyOf(layers);
    }

    @Override
    public Shape output(Shape input) {
      return kept(this, layers, input, "added to its input");
    }

    @Override
    public String keyWord() {
      return "residual: " + new LayerList(layers).keyWord();
    }
  }

  /**
   * Layers that two otherwise separate bodies have in common. In a shared or merged body, and in a
   * tail, they are as if they stood by themselves.
   *
   * @param spare whether the second body has weights of its own for them all the same
   */
  record Shared(List<Layer> layers, Spare spare) implements Layer {
    /** Weights that are counted, initialised and stored, and that nothing reads. */
    public enum Spare {
      NONE,
      /** Both bodies use the first one's; the second one's are dead (carparelli2019, Conv2). */
      SECOND_BODY
    }

    public Shared {
      layers = List.copyOf(layers);
    }

    @Override
    public Shape output(Shape input) {
      return new LayerList(layers).output(input);
    }

    @Override
    public int sharedParameters() {
      return spare == Spare.NONE ? parameters() : 0;
    }

    @Override
    public String keyWord() {
      return (spare == Spare.NONE ? "shared: " : "shared-by-accident: ")
          + new LayerList(layers).keyWord();
    }
  }

  private static Shape kept(Layer layer, List<Layer> inner, Shape input, String use) {
    Shape shape = new LayerList(inner).output(input);
    if (!shape.equals(input)) {
      throw new IllegalArgumentException(
          "'" + layer.text() + "' turns " + input + " into " + shape + ", so it cannot be " + use);
    }
    return shape;
  }

  private static IllegalArgumentException mismatch(Layer layer, String expected, Shape input) {
    return new IllegalArgumentException(
        "'" + layer.text() + "' reads " + expected + " but is given " + input);
  }
}
