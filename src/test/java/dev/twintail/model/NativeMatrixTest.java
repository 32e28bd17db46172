package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.random.Draws;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products do not depend on where their matrices lie in memory. */
class NativeMatrixTest {
  private static final int[] SHIFTS = {0, 1, 3, 4, 7, 8, 15};

  @BeforeAll
  static void prepare() {
    NativeEnvironment.prepare();
  }

  @ParameterizedTest
  @CsvSource({"96, 64, 9", "33, 200, 197", "512, 10, 393", "5, 7, 1000", "1, 1, 1", "288, 130, 64"})
  void products_matricesMovedWithinALine_giveTheSameBits(int m, int n, int k) {
    float[] a = values(m * k);
    float[] b = values(k * n);
    float[] c = values(m * n);
    float[][] expected = null;
    for (int shift : SHIFTS) {
      float[][] actual = products(m, n, k, a, b, c, shift);
      if (expected == null) {
        expected = actual;
      }
      assertThat(actual).as("shift %d", shift).isDeepEqualTo(expected);
    }
  }

  /** Returns the four products, each matrix moved by another number of floats. */
  private static float[][] products(
      int m, int n, int k, float[] a, float[] b, float[] c, int shift) {
    try (NativeMatrix left = matrix(a, shift);
        NativeMatrix right = matrix(b, 2 * shift % 16);
        NativeMatrix first = matrix(c, 3 * shift % 16);
        NativeMatrix second = matrix(c, 5 * shift % 16);
        NativeMatrix third = matrix(c, 7 * shift % 16);
        NativeMatrix vector = matrix(c, 11 * shift % 16)) {
      NativeMatrix.multiply(m, n, k, left.part(0, k), right.part(0, n), 1, first.part(0, n));
      NativeMatrix.multiplyTransposedA(
          m, n, k, left.part(0, m), right.part(0, n), 0, second.part(0, n));
      NativeMatrix.multiplyTransposedB(
          m, n, k, left.part(0, k), right.part(0, k), 1, third.part(0, n));
      NativeMatrix.multiplyVector(m, k, left.part(0, k), right.part(0, 1), vector.part(0, 1));
      return new float[][] {
        read(first, m * n), read(second, m * n), read(third, m * n), read(vector, m)
      };
    }
  }

  private static NativeMatrix matrix(float[] values, int shift) {
    NativeMatrix matrix = new NativeMatrix(values.length, shift);
    matrix.put(0, values, 0, values.length);
    return matrix;
  }

  private static float[] read(NativeMatrix matrix, int length) {
    float[] values = new float[length];
    matrix.get(0, values, 0, length);
    return values;
  }

  private static float[] values(int size) {
    Draws draws = new Draws(GradientTest.seed("matrix" + size));
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = draws.symmetric(1);
    }
    return values;
  }
}
