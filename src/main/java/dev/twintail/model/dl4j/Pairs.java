package dev.twintail.model.dl4j;

import dev.twintail.model.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A batch of pairs taken from examples.
 *
 * @param start the position of the batch's first pair in the order
 * @param size the number of pairs
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Pairs(Examples examples, int[] order, int start, int size) {
  /** Returns consecutive slices of {@code order}, the last perhaps smaller than {@code batch}. */
  static List<Pairs> batches(Examples examples, int[] order, int batch) {
    List<Pairs> batches = new ArrayList<>();
    for (int start = 0; start < order.length; start += batch) {
      batches.add(new Pairs(examples, order, start, Math.min(batch, order.length - start)));
    }
    return batches;
  }

  /** Returns consecutive slices of the examples as they stand. */
  static List<Pairs> inOrder(Examples examples, int batch) {
    int[] order = IntStream.range(0, examples.size()).toArray();
    return batches(examples, order, batch);
  }

  /** Returns 2·{@link #size} rows of pixels: all first images, then all second ones. */
  double[] images() {
    return PairRows.stack(images(0), images(1));
  }

  /**
   * Returns {@link #size} rows of pixels.
   *
   * @param image 0 for the first image of each pair, 1 for the second
   */
  double[] images(int image) {
    int width = examples.features();
    double[] rows = new double[size * width];
    for (int i = 0; i < size; i++) {
      int from = (2 * order[start + i] + image) * width;
      for (int j = 0; j < width; j++) {
        rows[i * width + j] = examples.images()[from + j];
      }
    }
    return rows;
  }

  /** Returns {@link #size} rows of pixels: those of a pair's first image, then of its second. */
  double[] joinedImages() {
    return PairRows.join(images(0), images(1), size);
  }

  /** Returns 2·{@link #size} classes, in the order of {@link #images()}. */
  int[] digits() {
    int[] digits = new int[2 * size];
    for (int i = 0; i < size; i++) {
      digits[i] = examples.digits()[2 * order[start + i]];
      digits[size + i] = examples.digits()[2 * order[start + i] + 1];
    }
    return digits;
  }

  /** Returns {@link #size} targets. */
  int[] targets() {
    int[] targets = new int[size];
    for (int i = 0; i < size; i++) {
      targets[i] = examples.targets()[order[start + i]];
    }
    return targets;
  }
}
