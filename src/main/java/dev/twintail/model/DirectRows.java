package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;

/**
 * The output of a convolution of 3×3 on one channel, row by row. Three products a row of the kernel
 * are so few that BLAS would spend its time on moving values: loops that the JIT compiler
 * vectorises do not move them. They round as BLAS does there: the products of a row of the kernel
 * are summed in order, each with one rounding, and these sums are added to the bias in turn.
 *
 * <p>Even and odd columns are computed apart, as the corners of a max-pool's windows.
 */
final class DirectRows {
  static final int KERNEL = 3;

  private final Filters filters;
  private final int width;
  private final int columns;

  /**
   * The pixels that each column of the kernel meets: [rows of the input × parity × columns of the
   * kernel × (columns, images)]. A row takes the place of one that is no more needed.
   */
  private final float[][][][] pixels;

  /**
   * @param columns how many even ones are computed, and how many odd ones
   * @param rows how many rows of the output are computed before more of the input are read
   */
  DirectRows(Filters filters, Shape.Image in, int columns, int rows, int maxImages) {
    this.filters = filters;
    this.columns = columns;
    width = in.width();
    pixels = new float[KERNEL - 1 + rows][2][KERNEL][columns * maxImages];
  }

  /** Reads a row of {@code n} images. */
  void read(float[] x, int row, int n) {
    float[][][] met = pixels[row % pixels.length];
    for (int odd = 0; odd < 2; odd++) {
      for (int right = 0; right < KERNEL; right++) {
        for (int i = 0; i < columns; i++) {
          int column = 2 * i + odd + right;
          System.arraycopy(x, (row * width + column) * n, met[odd][right], i * n, n);
        }
      }
    }
  }

  /**
   * Computes the even or odd columns of a row of one output channel, for which three rows have been
   * read.
   *
   * @param odd 0 or 1
   * @param y [columns × n]
   */
  void compute(int row, int channel, int odd, float[] y, int n) {
    int length = columns * n;
    float[][] a = pixels[row % pixels.length][odd];
    float[][] b = pixels[(row + 1) % pixels.length][odd];
    float[][] c = pixels[(row + 2) % pixels.length][odd];
    int at = filters.atChannel(channel, 0);
    Arrays.fill(y, 0, length, filters.bias(channel));
    addTwoRows(filters.values, at, a[0], a[1], a[2], b[0], b[1], b[2], y, length);
    addRow(filters.values, at + 2 * KERNEL, c[0], c[1], c[2], y, length);
  }

  // All arrays share one index, and no loop has more of them than the JIT compiler vectorises: all
  // three rows are too many. What is added to 0 is never −0, as in BLAS.

  private static void addTwoRows(
      float[] weights,
      int at,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float[] e,
      float[] f,
      float[] y,
      int length) {
    float p = weights[at];
    float q = weights[at + 1];
    float r = weights[at + 2];
    float s = weights[at + 3];
    float t = weights[at + 4];
    float u = weights[at + 5];
    for (int i = 0; i < length; i++) {
      float above = Math.fma(r, c[i], Math.fma(q, b[i], Math.fma(p, a[i], 0f)));
      float below = Math.fma(u, f[i], Math.fma(t, e[i], Math.fma(s, d[i], 0f)));
      y[i] = (y[i] + above) + below;
    }
  }

  private static void addRow(
      float[] weights, int at, float[] a, float[] b, float[] c, float[] y, int length) {
    float p = weights[at];
    float q = weights[at + 1];
    float r = weights[at + 2];
    for (int i = 0; i < length; i++) {
      y[i] += Math.fma(r, c[i], Math.fma(q, b[i], Math.fma(p, a[i], 0f)));
    }
  }
}
