package dev.twintail.model.dl4j;

import dev.twintail.model.Trainer.Part;
import dev.twintail.model.Weights;
import dev.twintail.network.Head;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A whole siamese network: a {@link Stack} that reads both images of each pair as rows of one
 * batch, the head, and a {@link Stack} that compares. Not thread-safe.
 */
final class Twins implements AutoCloseable {
  private final SiameseNetwork network;
  private final Shape features;
  private final Stack body;
  private final Stack tail;

  /**
   * @throws IllegalArgumentException if layers do not fit, the tail does not end in two logits, or
   *     a tensor is missing from {@code weights}
   */
  Twins(SiameseNetwork network, Weights weights, DataType type) {
    this.network = network;
    this.features = network.body().output(network.input());
    Shape joined = join(features);
    LayerList layers = network.tail();
    if (hasTail() && layers.output(joined).size() != 2) {
      throw new IllegalArgumentException(
          "The tail must end in 2 logits but ends in " + layers.output(joined));
    }
    if (!hasTail() && !(layers.layers().isEmpty() && network.readsDigits())) {
      throw new IllegalArgumentException(
          "The arithmetic head takes no tail, and a body of 10 features, not " + features);
    }
    this.body = new Stack("body", network.body(), network.input(), weights, type);
    this.tail = new Stack("tail", layers, joined, weights, type);
  }

  private static Shape join(Shape one) {
    return one instanceof Shape.Image image
        ? new Shape.Image(2 * image.channels(), image.height(), image.width())
        : new Shape.Vector(2 * one.size());
  }

  boolean hasTail() {
    return network.head() != Head.ARITHMETIC;
  }

  /** What the network makes of a batch of B pairs. */
  static final class Outputs {
    private final Logits features;
    private final @Nullable Logits comparison;

    private Outputs(Logits features, @Nullable Logits comparison) {
      this.features = features;
      this.comparison = comparison;
    }

    /** Returns the body's outputs: 2·B rows. */
    Logits features() {
      return features;
    }

    /**
     * Returns the tail's outputs: B rows of two logits.
     *
     * @throws IllegalStateException if there is no tail
     */
    Logits comparison() {
      if (comparison == null) {
        throw new IllegalStateException("The arithmetic head has no comparison logits");
      }
      return comparison;
    }

    /** Returns B predictions, 0 or 1. */
    int[] targets() {
      if (comparison != null) {
        return comparison.largest();
      }
      int[] digits = features.largest();
      int[] targets = new int[digits.length / 2];
      for (int i = 0; i < targets.length; i++) {
        targets[i] = digits[2 * i] <= digits[2 * i + 1] ? 1 : 0;
      }
      return targets;
    }

    /**
     * Returns the sum of the weighted losses, as {@link Loss} defines them; one of weight 0 is not
     * looked at.
     */
    double loss(Pairs pairs, Loss weights) {
      double loss = 0;
      if (weights.target() != 0) {
        loss += weights.target() * comparison().crossEntropy(pairs.targets());
      }
      if (weights.digit() != 0) {
        // The mean over 2·B rows is the mean of the two digits' means over B rows.
        loss += weights.digit() * features.crossEntropy(pairs.digits());
      }
      return loss;
    }
  }

  /** Returns the outputs of a batch, and keeps what {@link #backward} needs. */
  Outputs forward(Pairs pairs) {
    Logits outputs = new Logits(body.forward(pairs.images(), 2 * pairs.size()), features.size());
    double @Nullable [] joined =
        switch (network.head()) {
          case LOGITS -> outputs.scores();
          case SOFTMAX -> outputs.softmax();
          case ARGMAX -> outputs.oneHot();
          case ARITHMETIC, SOFT_ARITHMETIC -> null;
        };
    return new Outputs(
        outputs, joined == null ? null : new Logits(tail.forward(joined, pairs.size()), 2));
  }

  /**
   * Computes the gradient of {@link Outputs#loss} at the last {@link #forward}.
   *
   * @param frozen parts whose gradient is not wanted
   * @return the parts that now have a gradient: those not frozen that a loss of non-zero weight
   *     depends on through differentiable operations
   */
  Set<Part> backward(Outputs outputs, Pairs pairs, Loss weights, Set<Part> frozen) {
    Set<Part> reached = EnumSet.noneOf(Part.class);
    boolean wantsBody = !frozen.contains(Part.BODY) && !body.isFixed();
    boolean wantsTail = !frozen.contains(Part.TAIL) && !tail.isFixed();
    double @Nullable [] errors = null;
    if (weights.target() != 0) {
      boolean reachesBody = wantsBody && network.head() != Head.ARGMAX;
      if (wantsTail || reachesBody) {
        double[] joined =
            tail.backward(
                outputs.comparison().crossEntropyGradient(pairs.targets(), weights.target()));
        if (reachesBody) {
          errors =
              network.head() == Head.SOFTMAX ? outputs.features().throughSoftmax(joined) : joined;
        }
      }
      if (wantsTail) {
        reached.add(Part.TAIL);
      }
    }
    if (weights.digit() != 0 && wantsBody) {
      double[] own = outputs.features().crossEntropyGradient(pairs.digits(), weights.digit());
      errors = errors == null ? own : sum(errors, own);
    }
    if (errors != null) {
      body.backward(errors);
      reached.add(Part.BODY);
    }
    return reached;
  }

  /** Takes one step of Adam along the last gradient of a part. */
  void step(Part part, Optimizer.Adam adam) {
    stack(part).step(adam);
  }

  /** Returns the last gradient of a tensor, row-major. */
  double[] gradient(Part part, String name) {
    return stack(part).gradient(name);
  }

  /** Returns all weights as they are now. */
  Weights weights() {
    return body.weights().with(tail.weights());
  }

  private Stack stack(Part part) {
    return part == Part.BODY ? body : tail;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  @Override
  public void close() {
    body.close();
    tail.close();
  }
}
