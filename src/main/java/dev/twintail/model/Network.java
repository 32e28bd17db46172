package dev.twintail.model;

import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.network.Branches;
import dev.twintail.network.Head;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A siamese network with its weights and buffers. The images of a batch of B pairs are columns: 0
 * to B-1 the first images, B to 2B-1 the second. One shared body reads them side by side, which
 * shares the weights exactly; two bodies read one half each, and share the {@link Parameters} of
 * the layers that they have in common; a merged body reads a column for each pair. Not thread-safe;
 * each training owns one.
 *
 * <p>A frozen part is evaluated, even while others learn: nothing of it is dropped, and its running
 * statistics stay.
 */
final class Network implements AutoCloseable {
  private final SiameseNetwork siamese;
  private final Set<NetworkPart> frozen;
  private final int features;
  private final int outputs;
  private final int classes;
  private final int tailOutputs;
  private final boolean readsDigits;
  private final Parameters parameters = new Parameters();
  private final List<Sequential> bodies;
  private final List<Sequential> digitHeads;
  private final Sequential tail;
  private final @Nullable SoftComparison comparison;
  private final Softmax softmax;

  // Buffers for one batch of up to maxPairs pairs; [values × columns] as in Op.
  private final float[][] images;
  private final float[] bodyOutputs;
  private final float[] outputGradient;
  private final float[] digitOutputs;
  private final float[] digitGradient;
  private final float[][] digitInputs;
  private final float[][] gradientHalves;
  private final float[] headOutput;

  /** The gradient of what the head gives, laid out as the body's outputs. */
  private final float[] headGradient;

  private final double[] dots;
  private final int[] labels;
  private final float[] tailInput;
  private final float[] logitGradient;
  private final double[] logProbabilities;
  private final double[] exponentials;
  private final double[] gradients;

  // State of the last forward pass.
  private int pairs;
  private float[] bodyOutput = {};
  private float[] digitLogits = {};
  private float[] logits = {};

  /**
   * What a batch amounted to.
   *
   * @param loss the weighted loss in nats: of the target a mean over the pairs, of the digits a
   *     mean over the images
   * @param correct of {@code count} pairs
   * @param correctDigits of twice as many images; 0 where nothing reads digits
   */
  record Batch(double loss, int correct, int correctDigits) {}

  /**
   * @param maxPairs the largest batch
   * @param frozen parts that neither learn nor change
   */
  Network(SiameseNetwork siamese, int maxPairs, Set<NetworkPart> frozen) {
    this.siamese = siamese;
    this.frozen = frozen;
    features = siamese.input().size();
    Shape output = siamese.body().output(siamese.bodyInput());
    outputs = output.size();
    readsDigits = siamese.readsDigits();
    boolean merged = siamese.branches() == Branches.MERGED;
    int columns = merged ? maxPairs : 2 * maxPairs;

    boolean separate = siamese.branches() == Branches.SEPARATE;
    bodies =
        chains(
            LayerName.bodies(siamese),
            siamese.body(),
            siamese.bodyInput(),
            maxPairs,
            merged ? 1 : 2);
    if (siamese.digitHead().isPresent()) {
      LayerList layers = siamese.digitHead().get().layers();
      classes = layers.output(output).size();
      digitHeads = chains(LayerName.digitHeads(siamese), layers, output, maxPairs, 2);
      digitOutputs = new float[digitHeads.size() == 2 ? classes * columns : 0];
      digitGradient = new float[classes * columns];
    } else {
      classes = outputs;
      digitHeads = List.of();
      digitOutputs = new float[0];
      digitGradient = new float[0];
    }
    Shape joined = new Shape.Vector(siamese.tailInputs());
    tail = Stack.compile(LayerName.of("tail"), siamese.tail(), joined, parameters, maxPairs, 1);
    tailOutputs = siamese.head().hasTail() ? siamese.tail().output(joined).size() : 0;
    comparison = siamese.head() == Head.SOFT_ARITHMETIC ? new SoftComparison(classes) : null;

    images =
        separate
            ? new float[2][features * maxPairs]
            : new float[][] {new float[features * 2 * maxPairs]};
    bodyOutputs = new float[separate ? outputs * columns : 0];
    outputGradient = new float[outputs * columns];
    boolean twoHeads = digitHeads.size() == 2;
    digitInputs = new float[2][twoHeads ? outputs * maxPairs : 0];
    int values = Math.max(outputs, classes);
    gradientHalves = new float[2][separate || twoHeads ? values * maxPairs : 0];
    headOutput = new float[outputs * columns];
    headGradient = new float[outputs * columns];
    dots = new double[columns];
    labels = new int[2 * maxPairs];
    int rows = Math.max(siamese.head() == Head.SOFTMAX ? outputs : 2, readsDigits ? classes : 2);
    softmax = new Softmax(rows * 2 * maxPairs, 2 * maxPairs);
    tailInput = new float[siamese.tailInputs() * maxPairs];
    logitGradient = new float[tailOutputs * maxPairs];
    logProbabilities = new double[comparison == null ? 0 : 2 * maxPairs];
    exponentials = new double[Math.max(classes, maxPairs)];
    gradients = new double[classes];
  }

  /** Returns a chain for each name; a single one reads all columns, two read half of them each. */
  private List<Sequential> chains(
      List<LayerName> names, LayerList layers, Shape input, int maxPairs, int images) {
    List<Sequential> chains = new ArrayList<>();
    int passes = images / names.size();
    for (LayerName name : names) {
      chains.add(Stack.compile(name, layers, input, parameters, passes * maxPairs, passes));
    }
    return List.copyOf(chains);
  }

  void load(Weights weights) {
    parameters.load(weights);
  }

  Weights weights() {
    return parameters.weights();
  }

  /** Returns the gradients of the last {@link #backward}; zero where none arrived. */
  Weights gradients() {
    return parameters.gradients();
  }

  /** Returns the number of columns of the body's outputs: one for each of its passes. */
  private int columns() {
    return siamese.branches() == Branches.MERGED ? pairs : 2 * pairs;
  }

  /**
   * Computes the outputs for the pairs {@code order[from..from+count)}, which stay here, by columns
   * as in {@link Op}: first images in columns 0 to count − 1 of the body, second ones in the next
   * count, unless the body is merged. What {@link #measure}, {@link #backward} and the predictions
   * read is of the last call.
   *
   * @param examples whose images have as many values as the network was built for
   * @param order indices of pairs of {@code examples}
   * @param count 1 to the largest batch that the network was built for
   * @param mode whether layers such as dropout learn or are evaluated; frozen parts always are the
   *     latter
   */
  void forward(Examples examples, int[] order, int from, int count, Mode mode) {
    pairs = count;
    Mode bodyMode = frozen.contains(NetworkPart.BODY) ? Mode.EVALUATION : mode;
    Mode tailMode = frozen.contains(NetworkPart.TAIL) ? Mode.EVALUATION : mode;
    gather(examples, order, from);
    if (bodies.size() == 2) {
      float[] first = bodies.get(0).forward(images[0], pairs, bodyMode);
      float[] second = bodies.get(1).forward(images[1], pairs, bodyMode);
      join(first, second, outputs, bodyOutputs);
      bodyOutput = bodyOutputs;
    } else {
      bodyOutput = bodies.get(0).forward(images[0], columns(), bodyMode);
    }
    digitLogits = readDigits(mode);
    if (siamese.head().hasTail()) {
      logits = tail.forward(readOutputs(), pairs, tailMode);
    }
    if (comparison != null) {
      for (int j = 0; j < pairs; j++) {
        for (int target = 0; target < 2; target++) {
          logProbabilities[2 * j + target] =
              comparison.logProbability(digitLogits, j, pairs + j, 2 * pairs, target);
        }
      }
    }
  }

  private void gather(Examples examples, int[] order, int from) {
    for (int j = 0; j < pairs; j++) {
      int first = 2 * order[from + j] * features;
      int second = first + features;
      switch (siamese.branches()) {
        case SHARED -> {
          gather(examples.images(), first, images[0], 0, j, 2 * pairs);
          gather(examples.images(), second, images[0], 0, pairs + j, 2 * pairs);
        }
        case SEPARATE -> {
          gather(examples.images(), first, images[0], 0, j, pairs);
          gather(examples.images(), second, images[1], 0, j, pairs);
        }
        case MERGED -> {
          gather(examples.images(), first, images[0], 0, j, pairs);
          gather(examples.images(), second, images[0], features, j, pairs);
        }
      }
    }
  }

  private void gather(float[] rows, int from, float[] into, int row, int column, int columns) {
    for (int f = 0; f < features; f++) {
      into[(row + f) * columns + column] = rows[from + f];
    }
  }

  /** Puts the columns of the first images before those of the second ones. */
  private void join(float[] first, float[] second, int rows, float[] into) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(first, row * pairs, into, 2 * row * pairs, pairs);
      System.arraycopy(second, row * pairs, into, (2 * row + 1) * pairs, pairs);
    }
  }

  /** Returns {@code half}, filled with the columns of image 0 or 1 of each pair. */
  private float[] half(float[] joined, int rows, int image, float[] half) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(joined, (2 * row + image) * pairs, half, row * pairs, pairs);
    }
    return half;
  }

  /** Returns the logits of the digit losses, [classes × columns]. */
  private float[] readDigits(Mode mode) {
    if (digitHeads.isEmpty()) {
      return bodyOutput;
    }
    if (digitHeads.size() == 1) {
      return digitHeads.get(0).forward(bodyOutput, 2 * pairs, mode);
    }
    float[][] read = new float[2][];
    for (int image = 0; image < 2; image++) {
      // Layers look at their input again on the way back, so no gradient may overwrite it.
      float[] input = half(bodyOutput, outputs, image, digitInputs[image]);
      read[image] = digitHeads.get(image).forward(input, pairs, mode);
    }
    join(read[0], read[1], classes, digitOutputs);
    return digitOutputs;
  }

  /** Returns what the head makes of the body's outputs, as the tail reads it. */
  private float[] readOutputs() {
    int columns = columns();
    float[] source = bodyOutput;
    if (siamese.head() == Head.SOFTMAX) {
      softmax.compute(bodyOutput, outputs, columns);
      for (int k = 0; k < outputs; k++) {
        for (int column = 0; column < columns; column++) {
          int at = k * columns + column;
          headOutput[at] = (float) softmax.probability(at, column);
        }
      }
      source = headOutput;
    } else if (siamese.head() == Head.ARGMAX) {
      for (int column = 0; column < columns; column++) {
        int largest = largest(bodyOutput, column, columns, outputs);
        for (int k = 0; k < outputs; k++) {
          headOutput[k * columns + column] = k == largest ? 1 : 0;
        }
      }
      source = headOutput;
    }
    if (siamese.branches() == Branches.MERGED) {
      return source;
    }
    for (int k = 0; k < outputs; k++) {
      System.arraycopy(source, k * columns, tailInput, k * pairs, pairs);
      System.arraycopy(source, k * columns + pairs, tailInput, (outputs + k) * pairs, pairs);
    }
    return tailInput;
  }

  /**
   * Measures the last forward pass, and prepares the gradients that {@link #backward} passes back.
   * Called once after each {@link #forward}, with the same examples, order and start. A loss of
   * weight 0 is left out; cross-entropies are in nats.
   */
  Batch measure(Examples examples, int[] order, int from, Loss weights) {
    double loss = 0;
    if (weights.target() != 0 && siamese.head().hasTail()) {
      for (int j = 0; j < pairs; j++) {
        labels[j] = examples.targets()[order[from + j]];
      }
      double scale = weights.target() / pairs;
      loss +=
          tailOutputs == 1
              ? binaryCrossEntropy(scale)
              : softmax.crossEntropy(logits, 2, pairs, labels, scale, logitGradient);
    }
    float[] gradient = digitHeads.isEmpty() ? outputGradient : digitGradient;
    if (weights.digit() != 0) {
      for (int column = 0; column < 2 * pairs; column++) {
        labels[column] = examples.digits()[imageRow(order, from, column)];
      }
      double scale = weights.digit() / (2 * pairs);
      loss +=
          weights.digitLosses() == Loss.DigitLosses.DOUBLE_SOFTMAX
              ? doubleSoftmax(scale, gradient)
              : softmax.crossEntropy(digitLogits, classes, 2 * pairs, labels, scale, gradient);
    }
    if (weights.target() != 0 && comparison != null) {
      if (weights.digit() == 0) {
        Arrays.fill(gradient, 0, classes * 2 * pairs, 0);
      }
      for (int j = 0; j < pairs; j++) {
        int label = examples.targets()[order[from + j]];
        double scale = weights.target() / pairs;
        loss -= scale * logProbabilities[2 * j + label];
        comparison.addGradient(digitLogits, j, pairs + j, 2 * pairs, label, scale, gradient);
      }
    }
    int correct = 0;
    for (int j = 0; j < pairs; j++) {
      correct += predictedTarget(j) == examples.targets()[order[from + j]] ? 1 : 0;
    }
    int correctDigits = 0;
    if (readsDigits) {
      for (int column = 0; column < 2 * pairs; column++) {
        int label = examples.digits()[imageRow(order, from, column)];
        correctDigits += predictedDigit(column) == label ? 1 : 0;
      }
    }
    return new Batch(loss, correct, correctDigits);
  }

  /** Returns the row among the images of the examples that a column of the batch holds. */
  private int imageRow(int[] order, int from, int column) {
    return 2 * order[from + column % pairs] + column / pairs;
  }

  /**
   * Passes back the gradients of the last {@link #measure}, called with the same weights. Parts
   * that no gradient reaches keep none, and are then not stepped.
   */
  void backward(Loss weights) {
    parameters.clearGradients();
    boolean passes = siamese.head() == Head.LOGITS || siamese.head() == Head.SOFTMAX;
    boolean bodyLearns =
        !frozen.contains(NetworkPart.BODY) && bodies.stream().anyMatch(Sequential::hasParameters);
    boolean fromDigits = weights.digit() != 0 || (weights.target() != 0 && comparison != null);
    boolean fromTail = weights.target() != 0 && siamese.head().hasTail() && passes && bodyLearns;
    if (fromDigits && !digitHeads.isEmpty()) {
      returnThroughDigitHeads(bodyLearns);
    }
    if (weights.target() != 0 && siamese.head().hasTail()) {
      boolean tailLearns = !frozen.contains(NetworkPart.TAIL);
      float[] dInput = tail.backward(logitGradient, tailLearns, fromTail, pairs);
      if (dInput != null) {
        returnToOutputs(dInput, fromDigits);
      }
    }
    if (bodyLearns && (fromTail || fromDigits)) {
      if (bodies.size() == 2) {
        for (int image = 0; image < 2; image++) {
          float[] dy = half(outputGradient, outputs, image, gradientHalves[image]);
          bodies.get(image).backward(dy, true, false, pairs);
        }
      } else {
        bodies.get(0).backward(outputGradient, true, false, columns());
      }
    }
  }

  /** Turns the gradient of the digits' logits into that of the body's outputs. */
  private void returnThroughDigitHeads(boolean wanted) {
    if (digitHeads.size() == 1) {
      float[] dInput = digitHeads.get(0).backward(digitGradient, true, wanted, 2 * pairs);
      if (dInput != null) {
        System.arraycopy(dInput, 0, outputGradient, 0, outputs * 2 * pairs);
      }
      return;
    }
    float[] dFirst = half(digitGradient, classes, 0, gradientHalves[0]);
    float[] dSecond = half(digitGradient, classes, 1, gradientHalves[1]);
    float[] first = digitHeads.get(0).backward(dFirst, true, wanted, pairs);
    float[] second = digitHeads.get(1).backward(dSecond, true, wanted, pairs);
    if (first != null && second != null) {
      join(first, second, outputs, outputGradient);
    }
  }

  /** Adds the gradient of the tail's input to that of the body's outputs, through the head. */
  private void returnToOutputs(float[] dInput, boolean add) {
    int columns = columns();
    for (int k = 0; k < outputs; k++) {
      for (int column = 0; column < columns; column += pairs) {
        int row = column == 0 ? k : outputs + k;
        System.arraycopy(dInput, row * pairs, headGradient, k * columns + column, pairs);
      }
    }
    if (siamese.head() == Head.SOFTMAX) {
      returnThroughSoftmax(columns);
    }
    if (add) {
      add(headGradient, outputGradient, outputs * columns);
    } else {
      System.arraycopy(headGradient, 0, outputGradient, 0, outputs * columns);
    }
  }

  private void returnThroughSoftmax(int columns) {
    Arrays.fill(dots, 0, columns, 0);
    for (int k = 0; k < outputs; k++) {
      for (int column = 0; column < columns; column++) {
        int at = k * columns + column;
        dots[column] += (double) headGradient[at] * headOutput[at];
      }
    }
    for (int k = 0; k < outputs; k++) {
      for (int column = 0; column < columns; column++) {
        int at = k * columns + column;
        headGradient[at] = (float) (headOutput[at] * (headGradient[at] - dots[column]));
      }
    }
  }

  private static void add(float[] source, float[] target, int length) {
    for (int i = 0; i < length; i++) {
      target[i] += source[i];
    }
  }

  /**
   * Moves all parameters that a gradient reached.
   *
   * @param rate the learning rate of this step
   */
  void step(Optimizer optimizer, double rate) {
    parameters.step(optimizer, rate);
  }

  /** Makes the optimizer forget all steps. */
  void restart() {
    parameters.restart();
  }

  /** Returns the predicted target of pair {@code j} of the last batch; a tie of logits is 0. */
  int predictedTarget(int j) {
    boolean yes =
        switch (siamese.head()) {
          case LOGITS, SOFTMAX, ARGMAX ->
              tailOutputs == 1 ? logits[j] > 0 : logits[pairs + j] > logits[j];
          case ARITHMETIC ->
              siamese.comparison().holds(predictedDigit(j), predictedDigit(pairs + j));
          case SOFT_ARITHMETIC -> logProbabilities[2 * j + 1] > logProbabilities[2 * j];
        };
    return yes ? 1 : 0;
  }

  /** Returns the probability that the target of pair {@code j} is 1, of tail or soft arithmetic. */
  float probability(int j) {
    if (comparison != null) {
      return (float) StrictMath.exp(logProbabilities[2 * j + 1]);
    }
    if (tailOutputs == 1) {
      return (float) sigmoid(logits[j]);
    }
    return (float) sigmoid((double) logits[pairs + j] - logits[j]);
  }

  /** Returns the class of a column of the last batch; of equal logits the first wins. */
  int predictedDigit(int column) {
    return largest(digitLogits, column, 2 * pairs, classes);
  }

  private static int largest(float[] values, int column, int columns, int rows) {
    int best = 0;
    for (int k = 1; k < rows; k++) {
      if (values[k * columns + column] > values[best * columns + column]) {
        best = k;
      }
    }
    return best;
  }

  private static double sigmoid(double z) {
    return 1 / (1 + StrictMath.exp(-z));
  }

  /**
   * Returns the sum of −log of the labels' probabilities, of which the sigmoid of a pair's one
   * logit is that of 1, times {@code scale}, and notes its gradient.
   */
  private double binaryCrossEntropy(double scale) {
    for (int j = 0; j < pairs; j++) {
      exponentials[j] = -Math.abs(logits[j]);
    }
    Exponential.replace(exponentials, pairs);
    double loss = 0;
    for (int j = 0; j < pairs; j++) {
      double z = logits[j];
      double e = exponentials[j];
      double yes = (z < 0 ? e : 1) / (1 + e);
      logitGradient[j] = (float) (scale * (yes - labels[j]));
      loss += Math.max(z, 0) - z * labels[j] + StrictMath.log1p(e);
    }
    return scale * loss;
  }

  /**
   * Returns the sum of −log softmax(softmax(digit logits))[label], times {@code scale}, and writes
   * its gradient.
   */
  private double doubleSoftmax(double scale, float[] into) {
    int columns = 2 * pairs;
    softmax.compute(digitLogits, classes, columns);
    double loss = 0;
    for (int column = 0; column < columns; column++) {
      for (int k = 0; k < classes; k++) {
        exponentials[k] = softmax.probability(k * columns + column, column) - 1;
      }
      Exponential.replace(exponentials, classes);
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += exponentials[k];
      }
      double dot = 0;
      for (int k = 0; k < classes; k++) {
        gradients[k] = exponentials[k] / sum - (k == labels[column] ? 1 : 0);
        dot += softmax.probability(k * columns + column, column) * gradients[k];
      }
      for (int k = 0; k < classes; k++) {
        int at = k * columns + column;
        into[at] = (float) (scale * softmax.probability(at, column) * (gradients[k] - dot));
      }
      int label = labels[column] * columns + column;
      loss += StrictMath.log(sum) + 1 - softmax.probability(label, column);
    }
    return scale * loss;
  }

  @Override
  public void close() {
    bodies.forEach(Sequential::close);
    digitHeads.forEach(Sequential::close);
    tail.close();
    parameters.close();
  }
}
