package dev.twintail.data;

import dev.twintail.random.Draws;
import dev.twintail.random.Seed;

/** Draws pairs of distinct images from labelled images, and shrinks them by average pooling. */
public final class PairSampler {
  private final IdxImages images;
  private final IdxLabels labels;
  private final int pool;

  /**
   * Samples from these images.
   *
   * @param labels one for each image
   * @param pool side of the square of pixels averaged into one value; 1 leaves images as they are;
   *     divides height and width
   */
  public PairSampler(IdxImages images, IdxLabels labels, int pool) {
    if (images.count() != labels.count()) {
      throw new IllegalArgumentException(
          "Cannot pair " + images.count() + " images with " + labels.count() + " labels");
    }
    if (pool < 1 || images.height() % pool != 0 || images.width() % pool != 0) {
      throw new IllegalArgumentException(
          "Cannot pool images of %s×%s by %s: it must divide both"
              .formatted(images.height(), images.width(), pool));
    }
    this.images = images;
    this.labels = labels;
    this.pool = pool;
  }

  /**
   * Returns pairs in which no image comes twice: pair i is made of entries 2i and 2i+1 of a random
   * order of all images. None is marked for validation.
   *
   * @param pairs at most half as many as there are images
   */
  public PairDataset sample(int pairs, Seed seed) {
    if (pairs < 1 || pairs > images.count() / 2) {
      throw new IllegalArgumentException(
          "Cannot sample %s pairs: %s images give 1 to %s"
              .formatted(pairs, images.count(), images.count() / 2));
    }
    int height = images.height() / pool;
    int width = images.width() / pool;
    PairDataset set =
        new PairDataset(
            height,
            width,
            new int[pairs],
            new int[pairs],
            new int[pairs],
            new int[pairs],
            new int[pairs],
            new float[pairs * height * width],
            new float[pairs * height * width],
            new boolean[pairs]);
    int[] order = new Draws(seed).permutation(images.count());
    for (int i = 0; i < pairs; i++) {
      set.index1()[i] = order[2 * i];
      set.index2()[i] = order[2 * i + 1];
      set.digit1()[i] = labels.label(order[2 * i]);
      set.digit2()[i] = labels.label(order[2 * i + 1]);
      set.target()[i] = set.digit1()[i] <= set.digit2()[i] ? 1 : 0;
      pool(order[2 * i], set.image1(), i * height * width);
      pool(order[2 * i + 1], set.image2(), i * height * width);
    }
    return set;
  }

  /**
   * Writes the means of an image's squares from {@code values[start]}. The sum of a square is an
   * exact integer; a mean of four is an exact float, a multiple of 0.25.
   */
  private void pool(int image, float[] values, int start) {
    int next = start;
    for (int top = 0; top < images.height(); top += pool) {
      for (int left = 0; left < images.width(); left += pool) {
        int sum = 0;
        for (int row = top; row < top + pool; row++) {
          for (int column = left; column < left + pool; column++) {
            sum += images.pixel(image, row, column);
          }
        }
        values[next++] = (float) sum / (pool * pool);
      }
    }
  }
}
