package dev.twintail.model;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Floats outside the Java heap, where BLAS reads them without a copy. Row-major; how many rows and
 * columns there are is the caller's business. Not thread-safe.
 */
final class NativeMatrix implements AutoCloseable {
  private final FloatPointer pointer;
  private final FloatBuffer buffer;

  NativeMatrix(int size) {
    pointer = new FloatPointer(size);
    buffer = pointer.asBuffer();
    for (int i = 0; i < size; i++) {
      buffer.put(i, 0);
    }
  }

  /** Copies {@code length} floats in. */
  void put(int at, float[] source, int from, int length) {
    buffer.put(at, source, from, length);
  }

  /** Copies {@code length} floats out. */
  void get(int at, float[] target, int to, int length) {
    buffer.get(at, target, to, length);
  }

  /** C[m×n] = A[m×k]·B[k×n]; {@code lda} is the length of A's rows in memory. */
  static void multiply(
      int m, int n, int k, NativeMatrix a, int lda, NativeMatrix b, NativeMatrix c) {
    cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasNoTrans,
        m,
        n,
        k,
        1,
        a.pointer,
        lda,
        b.pointer,
        n,
        0,
        c.pointer,
        n);
  }

  /** C[m×n] = Aᵀ·B with A[k×m], B[k×n]; {@code lda} is the length of A's rows in memory. */
  static void multiplyTransposedA(
      int m, int n, int k, NativeMatrix a, int lda, NativeMatrix b, NativeMatrix c) {
    cblas_sgemm(
        CblasRowMajor,
        CblasTrans,
        CblasNoTrans,
        m,
        n,
        k,
        1,
        a.pointer,
        lda,
        b.pointer,
        n,
        0,
        c.pointer,
        n);
  }

  /** C[m×n] = A·Bᵀ + keep·C with A[m×k], B[n×k]. */
  static void multiplyTransposedB(
      int m, int n, int k, NativeMatrix a, NativeMatrix b, float keep, NativeMatrix c) {
    cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasTrans,
        m,
        n,
        k,
        1,
        a.pointer,
        k,
        b.pointer,
        k,
        keep,
        c.pointer,
        n);
  }

  @Override
  public void close() {
    pointer.close();
  }
}
