package dev.twintail.model.dl4j;

/**
 * The answer of soft arithmetic: with p1 and p2 the softmax of the two digits' logits, P(yes) = Σ
 * over i ≤ j of p1(i)·p2(j).
 */
final class SoftAnswer {
  private final int pairs;
  private final int classes;
  private final double[] logs;

  /**
   * @param digits logits of all first digits, then of all second ones
   */
  SoftAnswer(Logits digits) {
    this.pairs = digits.rows() / 2;
    this.classes = digits.classes();
    this.logs = digits.logSoftmax();
  }

  /** Returns the logarithm of the probability of an answer, 0 or 1, for a pair. */
  double logProbability(int pair, int answer) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        if ((i <= j ? 1 : 0) == answer) {
          largest = Math.max(largest, term(pair, i, j));
        }
      }
    }
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        if ((i <= j ? 1 : 0) == answer) {
          sum += StrictMath.exp(term(pair, i, j) - largest);
        }
      }
    }
    return Math.min(0, largest + StrictMath.log(sum));
  }

  private double term(int pair, int i, int j) {
    return logs[pair * classes + i] + logs[(pairs + pair) * classes + j];
  }

  /** Returns an answer for each pair. */
  int[] answers() {
    int[] answers = new int[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      answers[pair] = logProbability(pair, 1) > logProbability(pair, 0) ? 1 : 0;
    }
    return answers;
  }

  /** Returns the mean over the pairs of −log of the target's probability, in nats. */
  double loss(int[] targets) {
    double sum = 0;
    for (int pair = 0; pair < pairs; pair++) {
      sum -= logProbability(pair, targets[pair]);
    }
    return sum / pairs;
  }

  /**
   * Returns the gradient of {@code weight} × {@link #loss} with respect to the logits: each class's
   * probability, less its probability given the target.
   */
  double[] gradient(int[] targets, double weight) {
    double[] gradient = new double[logs.length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = StrictMath.exp(logs[i]);
    }
    for (int pair = 0; pair < pairs; pair++) {
      double target = logProbability(pair, targets[pair]);
      for (int i = 0; i < classes; i++) {
        for (int j = 0; j < classes; j++) {
          if ((i <= j ? 1 : 0) == targets[pair]) {
            double given = StrictMath.exp(term(pair, i, j) - target);
            gradient[pair * classes + i] -= given;
            gradient[(pairs + pair) * classes + j] -= given;
          }
        }
      }
    }
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= weight / pairs;
    }
    return gradient;
  }
}
