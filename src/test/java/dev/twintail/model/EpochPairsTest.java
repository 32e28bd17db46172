package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.network.Augmentation;
import dev.twintail.network.Augmentation.Pairing;
import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import org.junit.jupiter.api.Test;

class EpochPairsTest {
  private static final Seed SEED = GradientTest.seed("augmentation");
  private static final Shape.Image IMAGE = new Shape.Image(1, 2, 3);

  @Test
  void next_plain_isTheExamplesThemselves() {
    Examples examples = GradientTest.examples(4, 6);
    EpochPairs pairs = new EpochPairs(examples, Augmentation.NONE, IMAGE, SEED);
    assertThat(pairs.next()).isSameAs(examples);
  }

  @Test
  void next_pairedAnew_permutesImagesWithTheirDigitsAndComparesAgain() {
    Examples examples = GradientTest.examples(20, 6);
    EpochPairs pairs =
        new EpochPairs(examples, new Augmentation(Pairing.EVERY_EPOCH, 0), IMAGE, SEED);
    Draws draws = new Draws(SEED);
    for (int epoch = 0; epoch < 3; epoch++) {
      Examples next = pairs.next();
      int[] sources = draws.permutation(40);
      for (int i = 0; i < 40; i++) {
        assertThat(next.digits()[i]).isEqualTo(examples.digits()[sources[i]]);
        for (int f = 0; f < 6; f++) {
          assertThat(next.images()[6 * i + f]).isEqualTo(examples.images()[6 * sources[i] + f]);
        }
      }
      for (int i = 0; i < 20; i++) {
        assertThat(next.targets()[i])
            .isEqualTo(next.digits()[2 * i] <= next.digits()[2 * i + 1] ? 1 : 0);
      }
    }
  }

  @Test
  void next_shifted_movesEachImageAndFillsInTheBackground() {
    // Two images of 2×3; the smallest value of both is the background.
    float[] images = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1};
    Examples examples = new Examples(6, images, new int[] {3, 4}, new int[] {1});
    EpochPairs pairs = new EpochPairs(examples, new Augmentation(Pairing.FIXED, 1), IMAGE, SEED);
    Draws draws = new Draws(SEED);
    boolean moved = false;
    for (int epoch = 0; epoch < 20; epoch++) {
      Examples next = pairs.next();
      assertThat(next.digits()).containsExactly(3, 4);
      for (int image = 0; image < 2; image++) {
        int down = draws.below(3) - 1;
        int right = draws.below(3) - 1;
        moved |= down != 0 && right != 0;
        for (int row = 0; row < 2; row++) {
          for (int column = 0; column < 3; column++) {
            int fromRow = row - down;
            int fromColumn = column - right;
            boolean inside = fromRow >= 0 && fromRow < 2 && fromColumn >= 0 && fromColumn < 3;
            assertThat(next.images()[6 * image + 3 * row + column])
                .isEqualTo(inside ? images[6 * image + 3 * fromRow + fromColumn] : -1);
          }
        }
      }
    }
    assertThat(moved).isTrue();
    assertThat(images[0]).isEqualTo(1);
  }
}
