package dev.twintail.model;

import java.util.Arrays;

/**
 * The probability that one random digit is at most another, given the logits of both: P(yes) = Σ
 * over i ≤ j of p1(i)·p2(j), P(no) the sum over the rest. Computed from logarithms, so that neither
 * vanishes however sure the logits are.
 */
final class SoftComparison {
  private final int classes;
  private final double[] terms;
  private final double[] first;
  private final double[] second;

  SoftComparison(int classes) {
    this.classes = classes;
    terms = new double[classes * classes];
    first = new double[classes];
    second = new double[classes];
  }

  /**
   * Returns the logarithm of the probability of {@code target}.
   *
   * @param logits [classes × columns]
   * @param a column of the first image
   * @param b column of the second
   */
  double logProbability(float[] logits, int a, int b, int columns, int target) {
    double chosen = logSum(logits, a, b, columns, target);
    double all = logSum(logits, a, columns) + logSum(logits, b, columns);
    return Math.min(0, chosen - all); // A rounding error above certainty is none.
  }

  /**
   * Adds the gradient of −log P(target), times {@code scale}: each class's probability, less its
   * probability given that the comparison comes out as {@code target}.
   */
  void addGradient(
      float[] logits, int a, int b, int columns, int target, double scale, float[] into) {
    double chosen = logSum(logits, a, b, columns, target);
    double firstSum = logSum(logits, a, columns);
    double secondSum = logSum(logits, b, columns);
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        if (isTarget(i, j, target)) {
          double given = StrictMath.exp(terms[i * classes + j] - chosen);
          first[i] += given;
          second[j] += given;
        }
      }
    }
    for (int k = 0; k < classes; k++) {
      double p1 = StrictMath.exp(logits[k * columns + a] - firstSum);
      double p2 = StrictMath.exp(logits[k * columns + b] - secondSum);
      into[k * columns + a] += (float) (scale * (p1 - first[k]));
      into[k * columns + b] += (float) (scale * (p2 - second[k]));
    }
  }

  private static boolean isTarget(int i, int j, int target) {
    return (i <= j ? 1 : 0) == target;
  }

  /** Returns log Σ exp(z1(i) + z2(j)) over the target's i and j, and leaves the exponents. */
  private double logSum(float[] logits, int a, int b, int columns, int target) {
    double top = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        double term = (double) logits[i * columns + a] + logits[j * columns + b];
        terms[i * classes + j] = term;
        if (isTarget(i, j, target)) {
          top = Math.max(top, term);
        }
      }
    }
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        if (isTarget(i, j, target)) {
          sum += StrictMath.exp(terms[i * classes + j] - top);
        }
      }
    }
    return top + StrictMath.log(sum);
  }

  private double logSum(float[] logits, int column, int columns) {
    double top = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      top = Math.max(top, logits[k * columns + column]);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += StrictMath.exp(logits[k * columns + column] - top);
    }
    return top + StrictMath.log(sum);
  }
}
