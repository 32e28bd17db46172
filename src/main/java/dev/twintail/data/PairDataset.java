package dev.twintail.data;

import dev.twintail.random.Draws;
import dev.twintail.random.Seed;

/**
 * n pairs of images. The arrays belong to whoever sampled them and are not copied.
 *
 * @param height rows of values in each image, after pooling
 * @param width values in each row
 * @param index1 n rows of the first images in the file they come from; {@code index2} the second
 * @param digit1 n classes of the first images; {@code digit2} of the second
 * @param target n times 1 where digit 1 ≤ digit 2, else 0
 * @param image1 n × height × width values, 0 to 255; {@code image2} likewise
 * @param validation n marks: true where the pair is kept out of training
 */
@SuppressWarnings("ArrayRecordComponent") // Large and short-lived; the owner is told above.
public record PairDataset(
    int height,
    int width,
    int[] index1,
    int[] index2,
    int[] digit1,
    int[] digit2,
    int[] target,
    float[] image1,
    float[] image2,
    boolean[] validation) {
  public PairDataset {
    int pairs = target.length;
    int values = Math.multiplyExact(pairs, Math.multiplyExact(height, width));
    if (index1.length != pairs
        || index2.length != pairs
        || digit1.length != pairs
        || digit2.length != pairs
        || image1.length != values
        || image2.length != values
        || validation.length != pairs) {
      throw new IllegalArgumentException(
          "Cannot build " + pairs + " pairs from columns of other lengths");
    }
  }

  /** Returns the number of pairs. */
  public int size() {
    return target.length;
  }

  /** Returns the number of values in each image. */
  public int features() {
    return height * width;
  }

  /**
   * Returns the same pairs, of which a random choice is marked for validation.
   *
   * @param pairs how many to mark, fewer than there are
   */
  public PairDataset withValidation(int pairs, Seed seed) {
    return withValidation(pairs, new Draws(seed).permutation(size()));
  }

  /**
   * Returns the same pairs, of which the last ones are marked for validation.
   *
   * @param pairs how many to mark, fewer than there are
   */
  public PairDataset withLastForValidation(int pairs) {
    int[] backwards = new int[size()];
    for (int i = 0; i < backwards.length; i++) {
      backwards[i] = backwards.length - 1 - i;
    }
    return withValidation(pairs, backwards);
  }

  /** Marks the first so many of {@code order}. */
  private PairDataset withValidation(int pairs, int[] order) {
    if (pairs < 0 || pairs >= size()) {
      throw new IllegalArgumentException(
          "Cannot keep %s of %s pairs for validation: expected 0 to %s"
              .formatted(pairs, size(), size() - 1));
    }
    boolean[] marks = new boolean[size()];
    for (int i = 0; i < pairs; i++) {
      marks[order[i]] = true;
    }
    return new PairDataset(
        height, width, index1, index2, digit1, digit2, target, image1, image2, marks);
  }
}
