package dev.twintail.model;

import dev.twintail.layer.Shape;
import dev.twintail.model.Weights.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A siamese network with its weights and buffers. Both images of all pairs of a batch pass through
 * the one body side by side (columns 0..B-1 the first images, B..2B-1 the second), which shares the
 * weights exactly. Not thread-safe; each training owns one.
 */
final class Network implements AutoCloseable {
  private final Siamese siamese;
  private final int features;
  private final int outputs;
  private final boolean hasTail;
  private final boolean readsDigits;
  private final Stack body;
  private final Stack tail;

  // Buffers for one batch of up to maxPairs pairs; [values × columns] as in Op.
  private final float[] images;
  private final float[] outputGradient;
  private final float[] softmax;
  private final float[] tailInput;
  private final float[] logitGradient;
  private final double[] exponentials;

  // State of the last forward pass.
  private int pairs;
  private float[] bodyOutput = {};
  private float[] logits = {};

  /** What a batch amounted to: the weighted loss, mean over its pairs, and correct predictions. */
  record Batch(double loss, int correct, int correctDigits) {}

  Network(Siamese siamese, int maxPairs) {
    this.siamese = siamese;
    features = siamese.input().size();
    outputs = siamese.body().output(siamese.input()).size();
    hasTail = siamese.head() != Head.ARITHMETIC;
    readsDigits = siamese.readsDigits();
    body = new Stack("body", siamese.body(), siamese.input(), 2 * maxPairs);
    tail = new Stack("tail", siamese.tail(), new Shape.Vector(2 * outputs), maxPairs);
    images = new float[features * 2 * maxPairs];
    outputGradient = new float[outputs * 2 * maxPairs];
    softmax = new float[outputs * 2 * maxPairs];
    tailInput = new float[2 * outputs * maxPairs];
    logitGradient = new float[2 * maxPairs];
    exponentials = new double[Math.max(outputs, 2)];
  }

  void load(Weights weights) {
    body.load(weights);
    tail.load(weights);
  }

  Weights weights() {
    return join(body.tensors(), tail.tensors());
  }

  /** Returns the gradients of the last {@link #backward}; zero where none arrived. */
  Weights gradients() {
    return join(body.gradientTensors(), tail.gradientTensors());
  }

  private static Weights join(List<Tensor> first, List<Tensor> second) {
    List<Tensor> all = new ArrayList<>(first);
    all.addAll(second);
    return new Weights(all);
  }

  /** Computes the outputs for the pairs {@code order[from..from+count)}. */
  void forward(Examples examples, int[] order, int from, int count) {
    pairs = count;
    int columns = 2 * count;
    for (int j = 0; j < count; j++) {
      int pair = order[from + j];
      gather(examples.images(), 2 * pair * features, j, columns);
      gather(examples.images(), (2 * pair + 1) * features, count + j, columns);
    }
    bodyOutput = body.forward(images, columns);
    if (hasTail) {
      readOutputs();
      logits = tail.forward(tailInput, count);
    }
  }

  private void gather(float[] rows, int from, int column, int columns) {
    for (int f = 0; f < features; f++) {
      images[f * columns + column] = rows[from + f];
    }
  }

  /** Fills the tail's input with what the head makes of the body's outputs. */
  private void readOutputs() {
    int columns = 2 * pairs;
    float[] source = bodyOutput;
    if (siamese.head() == Head.SOFTMAX) {
      for (int column = 0; column < columns; column++) {
        double sum = exponentials(bodyOutput, column, columns, outputs);
        for (int k = 0; k < outputs; k++) {
          softmax[k * columns + column] = (float) (exponentials[k] / sum);
        }
      }
      source = softmax;
    } else if (siamese.head() == Head.ARGMAX) {
      for (int column = 0; column < columns; column++) {
        int largest = largest(bodyOutput, column, columns, outputs);
        for (int k = 0; k < outputs; k++) {
          softmax[k * columns + column] = k == largest ? 1 : 0;
        }
      }
      source = softmax;
    }
    for (int k = 0; k < outputs; k++) {
      System.arraycopy(source, k * columns, tailInput, k * pairs, pairs);
      System.arraycopy(source, k * columns + pairs, tailInput, (outputs + k) * pairs, pairs);
    }
  }

  /**
   * Measures the last forward pass, and prepares the gradients that {@link #backward} passes back.
   *
   * @param targetWeight of the comparison's cross-entropy; 0 leaves it out
   * @param digitWeight of the mean of the two digit cross-entropies; 0 leaves it out
   */
  Batch measure(Examples examples, int[] order, int from, double targetWeight, double digitWeight) {
    double loss = 0;
    if (targetWeight != 0) {
      for (int j = 0; j < pairs; j++) {
        int label = examples.targets()[order[from + j]];
        double scale = targetWeight / pairs;
        loss += scale * crossEntropy(logits, j, pairs, 2, label, scale, logitGradient);
      }
    }
    if (digitWeight != 0) {
      for (int column = 0; column < 2 * pairs; column++) {
        int label = examples.digits()[imageRow(order, from, column)];
        double scale = digitWeight / (2 * pairs);
        loss +=
            scale
                * crossEntropy(
                    bodyOutput, column, 2 * pairs, outputs, label, scale, outputGradient);
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
  void backward(double targetWeight, double digitWeight, boolean trainBody, boolean trainTail) {
    body.clearGradients();
    tail.clearGradients();
    boolean passes = siamese.head() == Head.LOGITS || siamese.head() == Head.SOFTMAX;
    boolean bodyLearns = trainBody && body.hasParameters();
    boolean throughTail = targetWeight != 0 && passes && bodyLearns;
    if (targetWeight != 0) {
      float[] dInput = tail.backward(logitGradient, trainTail, throughTail, pairs);
      if (dInput != null) {
        returnToOutputs(dInput, digitWeight != 0);
      }
    }
    if (bodyLearns && (throughTail || digitWeight != 0)) {
      body.backward(outputGradient, true, false, 2 * pairs);
    }
  }

  /** Adds the gradient of the tail's input to that of the body's outputs, through the head. */
  private void returnToOutputs(float[] dInput, boolean add) {
    int columns = 2 * pairs;
    for (int column = 0; column < columns; column++) {
      int offset = column < pairs ? column : outputs * pairs + column - pairs;
      double dot = 0;
      if (siamese.head() == Head.SOFTMAX) {
        for (int k = 0; k < outputs; k++) {
          dot += (double) dInput[k * pairs + offset] * softmax[k * columns + column];
        }
      }
      for (int k = 0; k < outputs; k++) {
        int at = k * columns + column;
        float gradient = dInput[k * pairs + offset];
        if (siamese.head() == Head.SOFTMAX) {
          gradient = (float) (softmax[at] * (gradient - dot));
        }
        outputGradient[at] = add ? outputGradient[at] + gradient : gradient;
      }
    }
  }

  void step(Training.Adam adam) {
    body.step(adam);
    tail.step(adam);
  }

  /** Returns the predicted target of pair {@code j} of the last batch; a tie of logits is 0. */
  int predictedTarget(int j) {
    if (hasTail) {
      return logits[pairs + j] > logits[j] ? 1 : 0;
    }
    return predictedDigit(j) <= predictedDigit(pairs + j) ? 1 : 0;
  }

  /** Returns the tail's probability that the target of pair {@code j} is 1. */
  float probability(int j) {
    double sum = exponentials(logits, j, pairs, 2);
    return (float) (exponentials[1] / sum);
  }

  /** Returns the class of a column of the last batch; of equal outputs the first wins. */
  int predictedDigit(int column) {
    return largest(bodyOutput, column, 2 * pairs, outputs);
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

  /** Returns −log softmax(column)[label] and writes its gradient times {@code scale}. */
  private double crossEntropy(
      float[] values, int column, int columns, int rows, int label, double scale, float[] into) {
    double sum = exponentials(values, column, columns, rows);
    for (int k = 0; k < rows; k++) {
      double probability = exponentials[k] / sum;
      into[k * columns + column] = (float) (scale * (probability - (k == label ? 1 : 0)));
    }
    int top = largest(values, column, columns, rows);
    return StrictMath.log(sum)
        - ((double) values[label * columns + column] - values[top * columns + column]);
  }

  /** Fills {@link #exponentials} with exp(value − largest value); returns their sum. */
  private double exponentials(float[] values, int column, int columns, int rows) {
    float top = values[largest(values, column, columns, rows) * columns + column];
    double sum = 0;
    for (int k = 0; k < rows; k++) {
      exponentials[k] = StrictMath.exp((double) values[k * columns + column] - top);
      sum += exponentials[k];
    }
    return sum;
  }

  @Override
  public void close() {
    body.close();
    tail.close();
  }
}
