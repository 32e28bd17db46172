package dev.twintail.model;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Floats outside the Java heap, where BLAS reads them without a copy. Row-major; how many rows and
 * columns there are is the caller's business. The first float begins a cache line, wherever the
 * allocator puts the memory. Not thread-safe.
 */
final class NativeMatrix implements Followers.Values, AutoCloseable {
  private static final int LINE = 64;

  private final FloatPointer allocated;

  /** Aligned; its position is moved to where a product reads or writes. */
  private final FloatPointer pointer;

  private final int start;
  private final FloatBuffer buffer;

  NativeMatrix(int size) {
    this(size, 0);
  }

  /**
   * @param shift floats by which the first one lies behind the begin of a cache line
   */
  NativeMatrix(int size, int shift) {
    allocated = new FloatPointer((long) size + shift + LINE / Float.BYTES);
    long past = allocated.address() % LINE;
    start = (int) ((LINE - past) % LINE / Float.BYTES) + shift;
    pointer = new FloatPointer(allocated);
    buffer = pointer.position(start).limit((long) start + size).asBuffer();
    clear(0, size);
  }

  /** Writes zeros. */
  void clear(int at, int length) {
    Pointer.memset(allocated.getPointer(start + at), 0, (long) length * Float.BYTES);
  }

  /** Copies {@code length} floats in. */
  @Override
  public void put(int at, float[] source, int from, int length) {
    buffer.put(at, source, from, length);
  }

  /** Copies {@code length} floats out. */
  @Override
  public void get(int at, float[] target, int to, int length) {
    buffer.get(at, target, to, length);
  }

  /**
   * Returns a part of the matrix, seen as a matrix.
   *
   * @param at its first value
   * @param stride how far its rows are apart
   */
  View part(int at, int stride) {
    return new View(this, at, stride);
  }

  /** Where a product finds a matrix. */
  record View(NativeMatrix matrix, int at, int stride) {
    private FloatPointer pointer() {
      return matrix.pointer.position((long) matrix.start + at);
    }
  }

  /** C[m×n] = A[m×k]·B[k×n] + keep·C; the three must be of different matrices. */
  static void multiply(int m, int n, int k, View a, View b, float keep, View c) {
    multiply(CblasNoTrans, CblasNoTrans, m, n, k, a, b, keep, c);
  }

  /** C[m×n] = Aᵀ·B + keep·C with A[k×m], B[k×n]. */
  static void multiplyTransposedA(int m, int n, int k, View a, View b, float keep, View c) {
    multiply(CblasTrans, CblasNoTrans, m, n, k, a, b, keep, c);
  }

  /** C[m×n] = A·Bᵀ + keep·C with A[m×k], B[n×k]. */
  static void multiplyTransposedB(int m, int n, int k, View a, View b, float keep, View c) {
    multiply(CblasNoTrans, CblasTrans, m, n, k, a, b, keep, c);
  }

  private static void multiply(
      int transA, int transB, int m, int n, int k, View a, View b, float keep, View c) {
    cblas_sgemm(
        CblasRowMajor,
        transA,
        transB,
        m,
        n,
        k,
        1,
        a.pointer(),
        a.stride,
        b.pointer(),
        b.stride,
        keep,
        c.pointer(),
        c.stride);
  }

  /** y[m] = A[m×n]·x + y, all values side by side in {@code x} and {@code y}. */
  static void multiplyVector(int m, int n, View a, View x, View y) {
    cblas_sgemv(
        CblasRowMajor,
        CblasNoTrans,
        m,
        n,
        1,
        a.pointer(),
        a.stride,
        x.pointer(),
        1,
        1,
        y.pointer(),
        1);
  }

  @Override
  public void close() {
    allocated.close();
  }
}
