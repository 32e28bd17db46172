package dev.twintail.model.dl4j;

import java.util.Arrays;

/** Rows of the two images of pairs, put together and taken apart. */
final class PairRows {
  private PairRows() {}

  /** Returns {@code n} rows: a row of {@code first}, then one of {@code second}. */
  static double[] join(double[] first, double[] second, int n) {
    double[] joined = new double[first.length + second.length];
    int width = first.length / n;
    for (int i = 0; i < n; i++) {
      System.arraycopy(first, i * width, joined, 2 * i * width, width);
      System.arraycopy(second, i * width, joined, (2 * i + 1) * width, width);
    }
    return joined;
  }

  /** Returns all rows of first images, then all of second ones: undoes {@link #join}. */
  static double[] split(double[] joined, int n) {
    double[] split = new double[joined.length];
    int width = joined.length / n / 2;
    for (int i = 0; i < n; i++) {
      System.arraycopy(joined, 2 * i * width, split, i * width, width);
      System.arraycopy(joined, (2 * i + 1) * width, split, (n + i) * width, width);
    }
    return split;
  }

  /** Returns the rows of the first images, or those of the second ones. */
  static double[] half(double[] rows, int image) {
    int half = rows.length / 2;
    return Arrays.copyOfRange(rows, image * half, (image + 1) * half);
  }

  /** Returns the rows of the first images, then those of the second ones. */
  static double[] stack(double[] first, double[] second) {
    double[] rows = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, rows, first.length, second.length);
    return rows;
  }

  static double[] sum(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
