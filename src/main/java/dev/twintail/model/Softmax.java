package dev.twintail.model;

/** The softmax of the columns of a matrix, and the cross-entropy on it. */
final class Softmax {
  /** What a product of sums may reach before its logarithm is taken. */
  private static final double LARGE = 1e200;

  private final float[] largest;
  private final double[] exponentials;
  private final double[] sums;

  /**
   * @param size values of the largest matrix
   * @param maxColumns of the widest one
   */
  Softmax(int size, int maxColumns) {
    largest = new float[maxColumns];
    exponentials = new double[size];
    sums = new double[maxColumns];
  }

  /** Computes the softmax of a matrix [rows × columns]. */
  void compute(float[] values, int rows, int columns) {
    System.arraycopy(values, 0, largest, 0, columns);
    for (int at = columns; at < rows * columns; at += columns) {
      for (int column = 0; column < columns; column++) {
        largest[column] = Math.max(largest[column], values[at + column]);
      }
    }
    for (int at = 0; at < rows * columns; at += columns) {
      for (int column = 0; column < columns; column++) {
        exponentials[at + column] = (double) values[at + column] - largest[column];
      }
    }
    Exponential.replace(exponentials, rows * columns);
    System.arraycopy(exponentials, 0, sums, 0, columns);
    for (int at = columns; at < rows * columns; at += columns) {
      for (int column = 0; column < columns; column++) {
        sums[column] += exponentials[at + column];
      }
    }
  }

  /**
   * Returns a probability of the last {@link #compute}.
   *
   * @param at row · columns + column
   */
  double probability(int at, int column) {
    return exponentials[at] / sums[column];
  }

  /**
   * Returns the sum of −log softmax[label] over all columns, times {@code scale}, and writes its
   * gradient.
   *
   * @param labels the row of each column
   */
  double crossEntropy(
      float[] values, int rows, int columns, int[] labels, double scale, float[] gradient) {
    compute(values, rows, columns);
    for (int at = 0; at < rows * columns; at += columns) {
      for (int column = 0; column < columns; column++) {
        gradient[at + column] = (float) (scale * probability(at + column, column));
      }
    }
    double loss = 0;
    double product = 1; // One logarithm for many columns; each sum is between 1 and rows.
    for (int column = 0; column < columns; column++) {
      int at = labels[column] * columns + column;
      gradient[at] = (float) (scale * (probability(at, column) - 1));
      loss -= (double) values[at] - largest[column];
      product *= sums[column];
      if (product > LARGE) {
        loss += StrictMath.log(product);
        product = 1;
      }
    }
    return scale * (loss + StrictMath.log(product));
  }
}
