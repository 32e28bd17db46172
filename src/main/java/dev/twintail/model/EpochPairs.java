package dev.twintail.model;

import dev.twintail.network.Augmentation;
import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.Arrays;

/**
 * The training pairs of each epoch in turn. Of one stream are drawn, epoch by epoch: the
 * permutation that pairs the images anew, if they are; then for each image in its new place its
 * shift down and its shift to the right, if it is shifted. The background that moves in is the
 * smallest value among all images, which is what a black pixel becomes however pixels are scaled.
 */
public final class EpochPairs {
  private final Examples examples;
  private final Augmentation augmentation;
  private final Shape image;
  private final Draws draws;
  private final Examples epoch;
  private final float background;

  /**
   * @param image shape of one image; must have rows and columns if images are shifted
   */
  public EpochPairs(Examples examples, Augmentation augmentation, Shape image, Seed seed) {
    this.examples = examples;
    this.augmentation = augmentation;
    this.image = image;
    draws = new Draws(seed);
    if (isPlain()) {
      epoch = examples;
      background = 0;
    } else {
      epoch =
          new Examples(
              examples.features(),
              examples.images().clone(),
              examples.digits().clone(),
              examples.targets().clone());
      background = smallest(examples.images());
    }
  }

  private static float smallest(float[] values) {
    float smallest = values.length == 0 ? 0 : values[0];
    for (float value : values) {
      smallest = Math.min(smallest, value);
    }
    return smallest;
  }

  private boolean isPlain() {
    return augmentation.equals(Augmentation.NONE);
  }

  /** Returns the pairs of the next epoch; valid until the one after. */
  public Examples next() {
    if (isPlain()) {
      return examples;
    }
    int images = examples.digits().length;
    int[] sources = sources(images);
    for (int i = 0; i < images; i++) {
      epoch.digits()[i] = examples.digits()[sources[i]];
      int from = sources[i] * examples.features();
      int to = i * examples.features();
      if (augmentation.shift() > 0 && image instanceof Shape.Image shape) {
        int choices = 2 * augmentation.shift() + 1;
        int down = draws.below(choices) - augmentation.shift();
        int right = draws.below(choices) - augmentation.shift();
        shift(shape, from, to, down, right);
      } else {
        System.arraycopy(examples.images(), from, epoch.images(), to, examples.features());
      }
    }
    if (augmentation.pairing() == Augmentation.Pairing.EVERY_EPOCH) {
      for (int i = 0; i < epoch.size(); i++) {
        epoch.targets()[i] = epoch.digits()[2 * i] <= epoch.digits()[2 * i + 1] ? 1 : 0;
      }
    }
    return epoch;
  }

  /** Returns which image comes to each place. */
  private int[] sources(int images) {
    if (augmentation.pairing() == Augmentation.Pairing.EVERY_EPOCH) {
      return draws.permutation(images);
    }
    int[] same = new int[images];
    for (int i = 0; i < images; i++) {
      same[i] = i;
    }
    return same;
  }

  private void shift(Shape.Image shape, int from, int to, int down, int right) {
    Arrays.fill(epoch.images(), to, to + shape.size(), background);
    int width = shape.width();
    int length = width - Math.abs(right);
    if (length <= 0) {
      return;
    }
    for (int row = 0; row < shape.channels() * shape.height(); row++) {
      int target = row % shape.height() + down;
      if (target >= 0 && target < shape.height()) {
        System.arraycopy(
            examples.images(),
            from + row * width + Math.max(0, -right),
            epoch.images(),
            to + (row + down) * width + Math.max(0, right),
            length);
      }
    }
  }
}
