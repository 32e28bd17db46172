package dev.twintail.model.dl4j;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Values of an array on Java's heap, to move them about by tables of indices: ND4J's own operations
 * on strided arrays compute the place of each value, which takes several times as long.
 */
abstract sealed class Cells {
  /** Returns none, to hold values of that precision. */
  static Cells of(DataType type) {
    return switch (type) {
      case FLOAT -> new Floats();
      case DOUBLE -> new Doubles();
      default -> throw new IllegalArgumentException("Cannot compute in " + type);
    };
  }

  /** Takes the values of an array, row-major. */
  final Cells read(INDArray array) {
    INDArray dense = isDense(array) ? array : array.dup('c');
    reserve(Math.toIntExact(dense.length()));
    try {
      copyFrom(dense);
    } finally {
      Reference.reachabilityFence(dense);
    }
    return this;
  }

  private static boolean isDense(INDArray array) {
    return array.ordering() == 'c' && array.elementWiseStride() == 1 && array.offset() == 0;
  }

  /** Returns a new array with the first values. */
  final INDArray array(long... shape) {
    INDArray array = Nd4j.createUninitialized(type(), shape, 'c');
    try {
      copyTo(array);
    } finally {
      Reference.reachabilityFence(array);
    }
    return array;
  }

  /**
   * Sets row after row: value j of a row is value {@code table[j]} of the same row of {@code from},
   * or 0 where the table has −1.
   *
   * @param width values in a row of {@code from}
   */
  abstract void gather(Cells from, int width, int[] table, int rows);

  /**
   * Undoes {@link #gather}: adds value j of each row of {@code from} to value {@code table[j]} of
   * the same row, which are 0 at first.
   *
   * @param width values in a row here
   */
  abstract void scatter(Cells from, int width, int[] table, int rows);

  /**
   * Sets row after row: value j of a row is the largest of a window of the same row of {@code
   * from}, the first of equals, whose place in {@code from} is noted in {@code winners}.
   *
   * @param width values in a row of {@code from}
   * @param corners the first place of each window
   * @param window the other places of a window, counted from its first
   */
  abstract void largest(
      Cells from, int width, int[] corners, int[] window, int rows, int[] winners);

  /** Sets {@code size} values to 0, and those at {@code places} to the values of {@code from}. */
  abstract void place(Cells from, int[] places, int count, int size);

  abstract DataType type();

  abstract void reserve(int size);

  abstract void copyFrom(INDArray array);

  abstract void copyTo(INDArray array);

  /** In single precision, which trainings compute in. */
  private static final class Floats extends Cells {
    private float[] values = {};

    @Override
    void gather(Cells from, int width, int[] table, int rows) {
      float[] source = ((Floats) from).values;
      reserve(rows * table.length);
      for (int row = 0; row < rows; row++) {
        int start = row * width;
        int at = row * table.length;
        for (int j = 0; j < table.length; j++) {
          values[at + j] = table[j] < 0 ? 0 : source[start + table[j]];
        }
      }
    }

    @Override
    void scatter(Cells from, int width, int[] table, int rows) {
      float[] source = ((Floats) from).values;
      reserve(rows * width);
      Arrays.fill(values, 0, rows * width, 0);
      for (int row = 0; row < rows; row++) {
        int start = row * width;
        int at = row * table.length;
        for (int j = 0; j < table.length; j++) {
          if (table[j] >= 0) {
            values[start + table[j]] += source[at + j];
          }
        }
      }
    }

    @Override
    void largest(Cells from, int width, int[] corners, int[] window, int rows, int[] winners) {
      float[] source = ((Floats) from).values;
      reserve(rows * corners.length);
      for (int row = 0; row < rows; row++) {
        int start = row * width;
        int at = row * corners.length;
        for (int j = 0; j < corners.length; j++) {
          int corner = start + corners[j];
          long best = key(source[corner], window.length);
          for (int place = 0; place < window.length; place++) {
            long key = key(source[corner + window[place]], window.length - 1 - place);
            best = key > best ? key : best;
          }
          int winner = corner + last(best, window);
          values[at + j] = source[winner];
          winners[at + j] = winner;
        }
      }
    }

    /**
     * Returns a number that is larger for a larger value, and of equal ones for that with more
     * places after it: comparing these needs no branch, which the processor could not foresee.
     */
    private static long key(float value, int after) {
      int bits = Float.floatToRawIntBits(value + 0.0f); // −0 is 0.
      int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      return ((long) ordered << 32) | after;
    }

    private static int last(long key, int[] window) {
      int after = (int) key;
      return after == window.length ? 0 : window[window.length - 1 - after];
    }

    @Override
    void place(Cells from, int[] places, int count, int size) {
      float[] source = ((Floats) from).values;
      reserve(size);
      Arrays.fill(values, 0, size, 0);
      for (int i = 0; i < count; i++) {
        values[places[i]] = source[i];
      }
    }

    @Override
    DataType type() {
      return DataType.FLOAT;
    }

    @Override
    void reserve(int size) {
      if (values.length < size) {
        values = new float[size];
      }
    }

    @Override
    void copyFrom(INDArray array) {
      pointer(array).get(values, 0, Math.toIntExact(array.length()));
    }

    @Override
    void copyTo(INDArray array) {
      pointer(array).put(values, 0, Math.toIntExact(array.length()));
    }

    private static FloatPointer pointer(INDArray array) {
      return (FloatPointer) array.data().pointer();
    }
  }

  /** In double precision, for gradients that are compared with differences. */
  private static final class Doubles extends Cells {
    private double[] values = {};

    @Override
    void gather(Cells from, int width, int[] table, int rows) {
      double[] source = ((Doubles) from).values;
      reserve(rows * table.length);
      for (int i = 0; i < rows * table.length; i++) {
        int place = table[i % table.length];
        values[i] = place < 0 ? 0 : source[i / table.length * width + place];
      }
    }

    @Override
    void scatter(Cells from, int width, int[] table, int rows) {
      double[] source = ((Doubles) from).values;
      reserve(rows * width);
      Arrays.fill(values, 0, rows * width, 0);
      for (int i = 0; i < rows * table.length; i++) {
        int place = table[i % table.length];
        if (place >= 0) {
          values[i / table.length * width + place] += source[i];
        }
      }
    }

    @Override
    void largest(Cells from, int width, int[] corners, int[] window, int rows, int[] winners) {
      double[] source = ((Doubles) from).values;
      reserve(rows * corners.length);
      for (int i = 0; i < rows * corners.length; i++) {
        int corner = i / corners.length * width + corners[i % corners.length];
        winners[i] = corner;
        for (int offset : window) {
          winners[i] = source[corner + offset] > source[winners[i]] ? corner + offset : winners[i];
        }
        values[i] = source[winners[i]];
      }
    }

    @Override
    void place(Cells from, int[] places, int count, int size) {
      reserve(size);
      Arrays.fill(values, 0, size, 0);
      for (int i = 0; i < count; i++) {
        values[places[i]] = ((Doubles) from).values[i];
      }
    }

    @Override
    DataType type() {
      return DataType.DOUBLE;
    }

    @Override
    void reserve(int size) {
      if (values.length < size) {
        values = new double[size];
      }
    }

    @Override
    void copyFrom(INDArray array) {
      pointer(array).get(values, 0, Math.toIntExact(array.length()));
    }

    @Override
    void copyTo(INDArray array) {
      pointer(array).put(values, 0, Math.toIntExact(array.length()));
    }

    private static DoublePointer pointer(INDArray array) {
      return (DoublePointer) array.data().pointer();
    }
  }
}
