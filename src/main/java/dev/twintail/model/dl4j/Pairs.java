package dev.twintail.model.dl4j;

import dev.twintail.model.Examples;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch of pairs taken from examples.
 *
 * <p>Rows 2i and 2i+1 are the two images of the batch's pair i: a body that reads the rows one by
 * one returns, read pair by pair, the concatenation of its two outputs.
 */
final class Pairs {
  private final Examples examples;
  private final int[] order;
  private final int start;
  private final int size;

  private Pairs(Examples examples, int[] order, int start, int size) {
    this.examples = examples;
    this.order = order;
    this.start = start;
    this.size = size;
  }

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
    int[] order = new int[examples.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return batches(examples, order, batch);
  }

  /** Returns the position of the batch's first pair in the order. */
  int start() {
    return start;
  }

  /** Returns the number of pairs. */
  int size() {
    return size;
  }

  /** Returns 2·{@link #size} rows of pixels. */
  double[] images() {
    int width = 2 * examples.features();
    double[] rows = new double[size * width];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < width; j++) {
        rows[i * width + j] = examples.images()[order[start + i] * width + j];
      }
    }
    return rows;
  }

  /** Returns 2·{@link #size} classes. */
  int[] digits() {
    int[] digits = new int[2 * size];
    for (int i = 0; i < size; i++) {
      digits[2 * i] = examples.digits()[2 * order[start + i]];
      digits[2 * i + 1] = examples.digits()[2 * order[start + i] + 1];
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
