package dev.twintail.model.dl4j;

import dev.twintail.model.LayerName;
import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.model.Weights;
import dev.twintail.network.Branches;
import dev.twintail.network.Head;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Draws;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A whole siamese network. One shared body reads all first images of a batch and then all second
 * ones as rows of one batch; of two bodies each reads its half; a merged body reads a row for each
 * pair. Not thread-safe, and used by the thread that made it alone.
 *
 * <p>A frozen part is evaluated, even while others learn.
 */
final class Twins implements AutoCloseable {
  private final SiameseNetwork network;
  private final Set<NetworkPart> frozen;
  private final ArrayScope scope = new ArrayScope();
  private final Dl4jParameters parameters;
  private final int features;
  private final int classes;
  private final List<Dl4jStack> bodies;
  private final List<Dl4jStack> digitHeads;
  private final Dl4jStack tail;
  private final int tailOutputs;

  /**
   * @param weights all tensors of the network
   * @param frozen parts that neither learn nor change
   * @param type precision of the arithmetic of the layers
   * @throws IllegalArgumentException if layers do not fit, or a tensor is missing
   */
  Twins(SiameseNetwork network, Weights weights, Set<NetworkPart> frozen, DataType type) {
    Library.prepare();
    this.network = network;
    this.frozen = Set.copyOf(frozen);
    this.parameters = new Dl4jParameters(weights, type);
    Shape output = network.body().output(network.bodyInput());
    this.features = output.size();
    int images = network.branches() == Branches.MERGED ? 1 : 2;
    this.bodies = stacks(LayerName.bodies(network), network.body(), network.bodyInput(), images);
    LayerList head = network.digitHead().map(h -> h.layers()).orElse(new LayerList(List.of()));
    this.classes = head.output(output).size();
    this.digitHeads = stacks(LayerName.digitHeads(network), head, output, 2);
    Shape joined = new Shape.Vector(network.tailInputs());
    this.tail = stack(LayerName.of("tail"), network.tail(), joined, 1);
    this.tailOutputs = network.tail().output(joined).size();
  }

  private List<Dl4jStack> stacks(List<LayerName> names, LayerList layers, Shape input, int images) {
    List<Dl4jStack> stacks = new ArrayList<>();
    for (LayerName name : names) {
      stacks.add(stack(name, layers, input, images / names.size()));
    }
    return List.copyOf(stacks);
  }

  private Dl4jStack stack(LayerName name, LayerList layers, Shape input, int passes) {
    return new Dl4jStack(name, layers, input, passes, parameters, scope);
  }

  /** What the network makes of a batch of B pairs. */
  final class Outputs {
    private final Logits features;
    private final Logits digits;
    private final @Nullable Logits comparison;
    private final @Nullable SoftAnswer soft;

    private Outputs(
        Logits features, Logits digits, @Nullable Logits comparison, @Nullable SoftAnswer soft) {
      this.features = features;
      this.digits = digits;
      this.comparison = comparison;
      this.soft = soft;
    }

    /** Returns the bodies' outputs: 2·B rows, or B of a merged body. */
    Logits features() {
      return features;
    }

    /** Returns the logits of the digits, 2·B rows. */
    Logits digits() {
      return digits;
    }

    /**
     * Returns the tail's outputs: B rows.
     *
     * @throws IllegalStateException if there is no tail
     */
    Logits comparison() {
      if (comparison == null) {
        throw new IllegalStateException("Arithmetic heads have no comparison logits");
      }
      return comparison;
    }

    private SoftAnswer soft() {
      if (soft == null) {
        throw new IllegalStateException("Only soft arithmetic answers softly");
      }
      return soft;
    }

    /** Returns B predictions, 0 or 1. */
    int[] targets() {
      if (comparison == null) {
        return soft == null ? compared(digits.largest()) : soft.answers();
      }
      if (tailOutputs == 2) {
        return comparison.largest();
      }
      int[] targets = new int[comparison.rows()];
      for (int i = 0; i < targets.length; i++) {
        targets[i] = comparison.scores()[i] > 0 ? 1 : 0;
      }
      return targets;
    }

    private int[] compared(int[] largest) {
      int[] targets = new int[largest.length / 2];
      for (int i = 0; i < targets.length; i++) {
        targets[i] = network.comparison().holds(largest[i], largest[targets.length + i]) ? 1 : 0;
      }
      return targets;
    }

    /** Returns the probability of 1 of each pair, or null where the head gives none. */
    float @Nullable [] probabilities() {
      if (network.head() == Head.ARITHMETIC) {
        return null;
      }
      float[] probabilities = new float[soft == null ? comparison().rows() : digits.rows() / 2];
      double[] of =
          soft != null
              ? new double[0]
              : tailOutputs == 1 ? comparison().sigmoid() : comparison().softmax();
      for (int i = 0; i < probabilities.length; i++) {
        probabilities[i] =
            (float)
                (soft != null
                    ? StrictMath.exp(soft.logProbability(i, 1))
                    : of[tailOutputs * i + tailOutputs - 1]);
      }
      return probabilities;
    }

    /**
     * Returns the sum of the weighted losses, as {@link Loss} defines them; one of weight 0 is not
     * looked at.
     */
    double loss(Pairs pairs, Loss weights) {
      double loss = 0;
      if (weights.target() != 0) {
        int[] targets = pairs.targets();
        double target =
            network.head() == Head.SOFT_ARITHMETIC
                ? soft().loss(targets)
                : tailOutputs == 1
                    ? comparison().binaryCrossEntropy(targets)
                    : comparison().crossEntropy(targets);
        loss += weights.target() * target;
      }
      if (weights.digit() != 0) {
        // The mean over 2·B rows is the mean of the two digits' means over B rows.
        Logits read = isDoubled(weights) ? digits.ofSoftmax() : digits;
        loss += weights.digit() * read.crossEntropy(pairs.digits());
      }
      return loss;
    }

    private double[] tailErrors(Pairs pairs, double weight) {
      return tailOutputs == 1
          ? comparison().binaryCrossEntropyGradient(pairs.targets(), weight)
          : comparison().crossEntropyGradient(pairs.targets(), weight);
    }

    /** Returns the gradient of the losses with respect to the digits' logits; null if none is. */
    private double @Nullable [] digitErrors(Pairs pairs, Loss weights) {
      double @Nullable [] errors = null;
      if (weights.digit() != 0) {
        int[] labels = pairs.digits();
        errors =
            isDoubled(weights)
                ? digits.throughSoftmax(
                    digits.ofSoftmax().crossEntropyGradient(labels, weights.digit()))
                : digits.crossEntropyGradient(labels, weights.digit());
      }
      if (weights.target() != 0 && network.head() == Head.SOFT_ARITHMETIC) {
        double[] own = soft().gradient(pairs.targets(), weights.target());
        errors = errors == null ? own : PairRows.sum(errors, own);
      }
      return errors;
    }

    private static boolean isDoubled(Loss weights) {
      return weights.digitLosses() == Loss.DigitLosses.DOUBLE_SOFTMAX;
    }
  }

  /**
   * Returns the outputs of a batch, and keeps what {@link #backward} needs.
   *
   * @param dropout what dropped values are drawn from while learning; null in evaluation
   */
  Outputs forward(Pairs pairs, @Nullable Draws dropout) {
    scope.begin();
    int n = pairs.size();
    boolean merged = network.branches() == Branches.MERGED;
    Draws bodyDropout = frozen.contains(NetworkPart.BODY) ? null : dropout;
    double[] output =
        merged
            ? bodies.get(0).forward(pairs.joinedImages(), n, bodyDropout)
            : forward(bodies, pairs.images(), n, bodyDropout);
    Logits read = new Logits(output, features);
    Logits digits =
        digitHeads.isEmpty() ? read : new Logits(forward(digitHeads, output, n, dropout), classes);
    if (!network.head().hasTail()) {
      boolean soft = network.head() == Head.SOFT_ARITHMETIC;
      return new Outputs(read, digits, null, soft ? new SoftAnswer(digits) : null);
    }
    double[] seen =
        switch (network.head()) {
          case SOFTMAX -> read.softmax();
          case ARGMAX -> read.oneHot();
          case LOGITS, ARITHMETIC, SOFT_ARITHMETIC -> output;
        };
    double[] joined =
        merged ? seen : PairRows.join(PairRows.half(seen, 0), PairRows.half(seen, 1), n);
    Draws tailDropout = frozen.contains(NetworkPart.TAIL) ? null : dropout;
    Logits comparison = new Logits(tail.forward(joined, n, tailDropout), tailOutputs);
    return new Outputs(read, digits, comparison, null);
  }

  /** Reads both images of {@code n} pairs, by one stack for both or by one each. */
  private static double[] forward(
      List<Dl4jStack> stacks, double[] rows, int n, @Nullable Draws dropout) {
    if (stacks.size() == 1) {
      return stacks.get(0).forward(rows, 2 * n, dropout);
    }
    double[] first = stacks.get(0).forward(PairRows.half(rows, 0), n, dropout);
    return PairRows.stack(first, stacks.get(1).forward(PairRows.half(rows, 1), n, dropout));
  }

  private static double[] backward(List<Dl4jStack> stacks, double[] errors) {
    if (stacks.size() == 1) {
      return stacks.get(0).backward(errors, true);
    }
    double[] first = stacks.get(0).backward(PairRows.half(errors, 0), true);
    return PairRows.stack(first, stacks.get(1).backward(PairRows.half(errors, 1), true));
  }

  /**
   * Computes the gradient of {@link Outputs#loss} at the last {@link #forward}, of all tensors that
   * are not frozen and that a loss of non-zero weight depends on through differentiable operations.
   */
  void backward(Outputs outputs, Pairs pairs, Loss weights) {
    parameters.clearGradients();
    boolean bodyLearns = !frozen.contains(NetworkPart.BODY) && bodies.get(0).hasParameters();
    double @Nullable [] errors = outputs.digitErrors(pairs, weights);
    if (errors != null && !digitHeads.isEmpty()) {
      errors = backward(digitHeads, errors);
    }
    if (weights.target() != 0 && network.head().hasTail()) {
      boolean tailLearns = !frozen.contains(NetworkPart.TAIL) && tail.hasParameters();
      boolean reachesBody = bodyLearns && network.head() != Head.ARGMAX;
      if (tailLearns || reachesBody) {
        double[] joined = tail.backward(outputs.tailErrors(pairs, weights.target()), tailLearns);
        if (reachesBody) {
          double[] own = throughHead(outputs, joined, pairs.size());
          errors = errors == null ? own : PairRows.sum(errors, own);
        }
      }
    }
    if (errors != null && bodyLearns) {
      if (bodies.size() == 1) {
        bodies.get(0).learn(errors);
      } else {
        bodies.get(0).learn(PairRows.half(errors, 0));
        bodies.get(1).learn(PairRows.half(errors, 1));
      }
    }
  }

  private double[] throughHead(Outputs outputs, double[] joined, int n) {
    double[] seen = network.branches() == Branches.MERGED ? joined : PairRows.split(joined, n);
    return network.head() == Head.SOFTMAX ? outputs.features().throughSoftmax(seen) : seen;
  }

  /** Returns the parameters of all layers, with their gradients. */
  Dl4jParameters parameters() {
    return parameters;
  }

  @Override
  public void close() {
    scope.close();
  }
}
