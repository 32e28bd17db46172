package dev.twintail.model;

/**
 * Winograd's F(4×4, 3×3): 4×4 outputs of a kernel of 3×3 from a tile of 6×6 inputs by 36
 * multiplications instead of 144, {@code y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·x·B)]·A}, as in Lavin and Gray,
 * "Fast Algorithms for Convolutional Neural Networks", CVPR 2016. The points are 0, ±3/4, ±3/2 and
 * infinity, which round half as much as 0, ±1, ±2 and infinity.
 *
 * <p>Each method is one direction of one transform, for many tiles at once: an array has the same
 * value of each of them. Arrays share one index, and a loop has no more of them, in no other order,
 * than the JIT compiler of Java 17 vectorises.
 */
final class Winograd {
  /** Outputs of a tile, in each direction. */
  static final int OUTPUTS = 4;

  static final int KERNEL = 3;

  /** Inputs of a tile, and points at which is multiplied, in each direction. */
  static final int POINTS = 6;

  /** The points that are no end: this one and twice as far, positive and negative. */
  private static final float NEAR = 3f / 4;

  private static final float FAR = 2 * NEAR;
  private static final float NEAR2 = NEAR * NEAR;
  private static final float NEAR3 = NEAR2 * NEAR;
  private static final float NEAR4 = NEAR3 * NEAR;

  private Winograd() {}

  /** One direction of a transform: the first {@code n} values of arrays, from some to others. */
  @FunctionalInterface
  interface Transform {
    void apply(float[][] from, float[][] to, int n);
  }

  /** Bᵀ: 6 inputs to 6 points. */
  static void input(float[][] x, float[][] y, int n) {
    edge(x[0], x[2], x[4], y[0], n);
    inputPair(-4 * NEAR2, NEAR, x[1], x[2], x[3], x[4], y[1], y[2], n);
    inputPair(-NEAR2, FAR, x[1], x[2], x[3], x[4], y[3], y[4], n);
    edge(x[1], x[3], x[5], y[5], n);
  }

  private static void edge(float[] a, float[] b, float[] c, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 4 * NEAR4 * a[i] - 5 * NEAR2 * b[i] + c[i];
    }
  }

  private static void inputPair(
      float weight,
      float point,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float[] sum,
      float[] difference,
      int n) {
    for (int i = 0; i < n; i++) {
      float even = d[i] + weight * b[i];
      float odd = point * (c[i] + weight * a[i]);
      sum[i] = even + odd;
      difference[i] = even - odd;
    }
  }

  /** B: the gradients at 6 points to those of 6 inputs. */
  static void inputGradient(float[][] y, float[][] x, int n) {
    scale(4 * NEAR4, y[0], x[0], n);
    inputGradientFirst(y[1], y[2], y[3], y[4], y[5], x[1], n);
    inputGradientThird(y[1], y[2], y[3], y[4], y[5], x[3], n);
    inputGradientEven(y[0], y[1], y[2], y[3], y[4], x[2], x[4], n);
    System.arraycopy(y[5], 0, x[5], 0, n);
  }

  private static void scale(float by, float[] y, float[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = by * y[i];
    }
  }

  private static void inputGradientFirst(
      float[] a, float[] b, float[] c, float[] d, float[] e, float[] first, int n) {
    for (int i = 0; i < n; i++) {
      first[i] = 4 * NEAR4 * e[i] - 4 * NEAR3 * (a[i] - b[i]) - 2 * NEAR3 * (c[i] - d[i]);
    }
  }

  private static void inputGradientThird(
      float[] a, float[] b, float[] c, float[] d, float[] e, float[] third, int n) {
    for (int i = 0; i < n; i++) {
      third[i] = NEAR * (a[i] - b[i]) + 2 * NEAR * (c[i] - d[i]) - 5 * NEAR2 * e[i];
    }
  }

  private static void inputGradientEven(
      float[] z,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float[] second,
      float[] fourth,
      int n) {
    for (int i = 0; i < n; i++) {
      float near = a[i] + b[i];
      float far = c[i] + d[i];
      second[i] = -NEAR2 * (5 * z[i] + 4 * near + far);
      fourth[i] = z[i] + near + far;
    }
  }

  /** Aᵀ: the products at 6 points to 4 outputs. */
  static void output(float[][] x, float[][] y, int n) {
    outputEven(x[0], x[1], x[2], x[3], x[4], y[0], y[2], n);
    outputOdd(x[1], x[2], x[3], x[4], x[5], y[1], y[3], n);
  }

  private static void outputEven(
      float[] z,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float[] zeroth,
      float[] second,
      int n) {
    for (int i = 0; i < n; i++) {
      float near = a[i] + b[i];
      float far = c[i] + d[i];
      zeroth[i] = z[i] + near + far;
      second[i] = NEAR2 * (near + 4 * far);
    }
  }

  private static void outputOdd(
      float[] a, float[] b, float[] c, float[] d, float[] e, float[] first, float[] third, int n) {
    for (int i = 0; i < n; i++) {
      float near = NEAR * (a[i] - b[i]);
      float far = NEAR * (c[i] - d[i]);
      first[i] = near + 2 * far;
      third[i] = e[i] + NEAR2 * (near + 8 * far);
    }
  }

  /** A: the gradients of 4 outputs to those at 6 points. */
  static void outputGradient(float[][] y, float[][] x, int n) {
    System.arraycopy(y[0], 0, x[0], 0, n);
    outputGradientPair(NEAR, y[0], y[1], y[2], y[3], x[1], x[2], n);
    outputGradientPair(FAR, y[0], y[1], y[2], y[3], x[3], x[4], n);
    System.arraycopy(y[3], 0, x[5], 0, n);
  }

  private static void outputGradientPair(
      float point,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float[] sum,
      float[] difference,
      int n) {
    float square = point * point;
    for (int i = 0; i < n; i++) {
      float even = a[i] + square * c[i];
      float odd = point * (b[i] + square * d[i]);
      sum[i] = even + odd;
      difference[i] = even - odd;
    }
  }

  /** G: 3 weights to 6 points. */
  static void kernel(float[][] g, float[][] u, int n) {
    scale(1 / (4 * NEAR4), g[0], u[0], n);
    kernelPair(NEAR, FAR, g[0], g[1], g[2], u[1], u[2], n);
    kernelPair(FAR, NEAR, g[0], g[1], g[2], u[3], u[4], n);
    System.arraycopy(g[2], 0, u[5], 0, n);
  }

  private static void kernelPair(
      float point,
      float other,
      float[] a,
      float[] b,
      float[] c,
      float[] sum,
      float[] difference,
      int n) {
    float square = point * point;
    float by = 1 / (2 * square * (square - other * other));
    for (int i = 0; i < n; i++) {
      float even = by * (a[i] + square * c[i]);
      float odd = by * point * b[i];
      sum[i] = even + odd;
      difference[i] = even - odd;
    }
  }
}
