package dev.twintail.model.dl4j;

/**
 * Rows of scores, one score per class, and what heads and losses make of them. Computed here in
 * double precision and not by DL4J's loss functions, which clip probabilities at 1e-10 and so
 * report no loss above 23.
 *
 * @param scores rows of {@code classes} values each; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Logits(double[] scores, int classes) {
  int rows() {
    return scores.length / classes;
  }

  /** Returns the class of each row's largest score, the first of equals. */
  int[] largest() {
    int[] largest = new int[rows()];
    for (int row = 0; row < largest.length; row++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (scores[row * classes + c] > scores[row * classes + best]) {
          best = c;
        }
      }
      largest[row] = best;
    }
    return largest;
  }

  /** Returns rows that hold 1 at the largest score and 0 elsewhere. */
  double[] oneHot() {
    double[] oneHot = new double[scores.length];
    int[] largest = largest();
    for (int row = 0; row < largest.length; row++) {
      oneHot[row * classes + largest[row]] = 1;
    }
    return oneHot;
  }

  /** Returns each row's probabilities. */
  double[] softmax() {
    double[] logs = logSoftmax();
    for (int i = 0; i < logs.length; i++) {
      logs[i] = StrictMath.exp(logs[i]);
    }
    return logs;
  }

  /** Returns the gradient with respect to the scores, given that with respect to the softmax. */
  double[] throughSoftmax(double[] gradient) {
    double[] result = softmax();
    for (int row = 0; row < rows(); row++) {
      double mean = 0;
      for (int i = row * classes; i < (row + 1) * classes; i++) {
        mean += result[i] * gradient[i];
      }
      for (int i = row * classes; i < (row + 1) * classes; i++) {
        result[i] *= gradient[i] - mean;
      }
    }
    return result;
  }

  /** Returns the mean over the rows of −log softmax at each row's label, in nats. */
  double crossEntropy(int[] labels) {
    double[] logs = logSoftmax();
    double sum = 0;
    for (int row = 0; row < rows(); row++) {
      sum -= logs[row * classes + labels[row]];
    }
    return sum / rows();
  }

  /** Returns the gradient of {@code weight} × {@link #crossEntropy} with respect to the scores. */
  double[] crossEntropyGradient(int[] labels, double weight) {
    double[] gradient = softmax();
    for (int row = 0; row < rows(); row++) {
      gradient[row * classes + labels[row]] -= 1;
    }
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= weight / rows();
    }
    return gradient;
  }

  /** Returns rows whose scores are the probabilities of these. */
  Logits ofSoftmax() {
    return new Logits(softmax(), classes);
  }

  /** Returns the probability of 1 of each row's one score. */
  double[] sigmoid() {
    double[] probabilities = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = 1 / (1 + StrictMath.exp(-scores[i]));
    }
    return probabilities;
  }

  /** Returns the mean over the rows of −log of the label's probability by {@link #sigmoid}. */
  double binaryCrossEntropy(int[] labels) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      // −log of the sigmoid of the score that speaks for the label: log(1 + exp(−margin)).
      double margin = labels[i] == 1 ? scores[i] : -scores[i];
      sum += Math.max(-margin, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(margin)));
    }
    return sum / rows();
  }

  /** Returns the gradient of {@code weight} × {@link #binaryCrossEntropy}. */
  double[] binaryCrossEntropyGradient(int[] labels, double weight) {
    double[] gradient = sigmoid();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = weight / rows() * (gradient[i] - labels[i]);
    }
    return gradient;
  }

  /** Returns the logarithm of each row's probabilities. */
  double[] logSoftmax() {
    double[] logs = new double[scores.length];
    for (int start = 0; start < scores.length; start += classes) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = start; i < start + classes; i++) {
        largest = Math.max(largest, scores[i]);
      }
      double sum = 0;
      for (int i = start; i < start + classes; i++) {
        sum += StrictMath.exp(scores[i] - largest);
      }
      double logSum = StrictMath.log(sum) + largest;
      for (int i = start; i < start + classes; i++) {
        logs[i] = scores[i] - logSum;
      }
    }
    return logs;
  }
}
