package dev.twintail.model;

import dev.twintail.network.SiameseNetwork;

/**
 * Pairs to learn from or to predict, in memory.
 *
 * @param features number of values per image
 * @param images 2·n rows of {@code features} values: row 2i is pair i's first image, row 2i+1 its
 *     second
 * @param digits 2·n classes 0..9, in the order of {@code images}
 * @param targets n targets: 1 where the first digit is at most the second, else 0
 */
@SuppressWarnings("ArrayRecordComponent") // Hot arrays, owned by the stage that made them.
public record Examples(int features, float[] images, int[] digits, int[] targets) {
  public Examples {
    if (digits.length != 2 * targets.length || images.length != digits.length * features) {
      throw new IllegalArgumentException(
          "Cannot pair "
              + images.length
              + " values with "
              + digits.length
              + " digits and "
              + targets.length
              + " targets of "
              + features
              + " features each");
    }
  }

  /**
   * Refuses images of another size than {@code network} reads.
   *
   * @param use what the pairs are for, for the message
   * @throws IllegalArgumentException if they have more values or fewer
   */
  public void requireFor(SiameseNetwork network, String use) {
    if (features != network.input().size()) {
      throw new IllegalArgumentException(
          "Cannot use %s images of %s values: the network reads %s"
              .formatted(use, features, network.input()));
    }
  }

  /** Returns the number of pairs. */
  public int size() {
    return targets.length;
  }
}
