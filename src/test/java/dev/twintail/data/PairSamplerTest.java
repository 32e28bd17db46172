package dev.twintail.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.twintail.blob.Digest;
import dev.twintail.random.Seed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairSamplerTest {
  private static final Seed SEED = Seed.derive(1, "data-gen", "train-pairs", 1);
  private static final Seed SPLIT = Seed.derive(1, "data-gen", "validation", 1);

  private static PairSampler fixture(int pool) {
    return new PairSampler(
        MnistFixture.images(DigitFile.Role.TRAIN_IMAGES),
        MnistFixture.labels(DigitFile.Role.TRAIN_LABELS),
        pool);
  }

  /** Two images of 4×6 whose pixels are 0..23 and 24..47, labelled 0 and 1. */
  private static PairSampler small(int pool) {
    return new PairSampler(
        IdxImages.parse("x", IdxTest.idx(48, 0x803, 2, 4, 6)),
        IdxLabels.parse("y", IdxTest.idx(2, 0x801, 2), 10),
        pool);
  }

  @Test
  void sample_pooledByTwo_givesTheMeansOfFour() {
    PairDataset pairs = small(2).sample(1, SEED);
    float[] zero = pairs.index1()[0] == 0 ? pairs.image1() : pairs.image2();
    float[] one = pairs.index1()[0] == 0 ? pairs.image2() : pairs.image1();

    // (0 + 1 + 6 + 7) / 4 = 3.5, two columns on 5.5, two rows on 15.5.
    assertThat(zero).containsExactly(3.5f, 5.5f, 7.5f, 15.5f, 17.5f, 19.5f);
    assertThat(one).containsExactly(27.5f, 29.5f, 31.5f, 39.5f, 41.5f, 43.5f);
    assertThat(pairs.height()).isEqualTo(2);
    assertThat(pairs.width()).isEqualTo(3);
  }

  @Test
  void sample_pooledByOne_givesThePixels() {
    PairDataset pairs = fixture(1).sample(3, SEED);
    IdxImages images = MnistFixture.images(DigitFile.Role.TRAIN_IMAGES);

    assertThat(pairs.features()).isEqualTo(784);
    for (int i = 0; i < 784; i++) {
      assertThat(pairs.image2()[2 * 784 + i])
          .isEqualTo((float) images.pixel(pairs.index2()[2], i / 28, i % 28));
    }
  }

  @Test
  void sample_realDigits_areExactQuartersUpTo255() {
    for (float value : fixture(2).sample(150, SEED).image1()) {
      assertThat(value).isBetween(0f, 255f);
      assertThat(value * 4).isEqualTo((float) Math.round(value * 4));
    }
  }

  @Test
  void sample_allImages_takesEachOnce() {
    PairDataset pairs = fixture(2).sample(150, SEED);
    Set<Integer> rows = new HashSet<>();
    IntStream.concat(IntStream.of(pairs.index1()), IntStream.of(pairs.index2())).forEach(rows::add);

    assertThat(rows).hasSize(300).contains(0, 299);
  }

  @Test
  void sample_realDigits_targetComparesTheirLabels() {
    PairDataset pairs = fixture(2).sample(150, SEED);
    IdxLabels labels = MnistFixture.labels(DigitFile.Role.TRAIN_LABELS);
    int ties = 0;
    for (int i = 0; i < pairs.size(); i++) {
      int first = labels.label(pairs.index1()[i]);
      int second = labels.label(pairs.index2()[i]);
      ties += first == second ? 1 : 0;
      assertThat(pairs.digit1()[i]).isEqualTo(first);
      assertThat(pairs.digit2()[i]).isEqualTo(second);
      assertThat(pairs.target()[i]).isEqualTo(first <= second ? 1 : 0);
    }
    assertThat(ties).isPositive();
  }

  @Test
  void sample_fewerPairs_areTheFirstOfMore() {
    assertThat(fixture(2).sample(10, SEED).index1())
        .isEqualTo(Arrays.copyOf(fixture(2).sample(150, SEED).index1(), 10));
  }

  /** When this fails datasets have changed: bump the version of the stage that makes them. */
  @Test
  void sample_knownSeed_hasPinnedDigest() {
    PairDataset pairs = fixture(2).sample(100, SEED).withValidation(20, SPLIT);

    assertThat(digest(pairs))
        .isEqualTo("42c395c9c175d82c817bcb7abba8a7e0837d4297ac26b690ed46b12e4fbe6cea");
  }

  @Test
  void sample_otherSeed_givesOtherPairs() {
    Seed other = Seed.derive(1, "data-gen", "train-pairs", 2);

    assertThat(digest(fixture(2).sample(100, other)))
        .isNotEqualTo(digest(fixture(2).sample(100, SEED)));
  }

  @Test
  void sample_tooMany_saysHowManyThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fixture(2).sample(151, SEED))
        .withMessage("Cannot sample 151 pairs: 300 images give 1 to 150");
  }

  @Test
  void sampler_unevenPool_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fixture(3))
        .withMessage("Cannot pool images of 28×28 by 3: it must divide both");
  }

  @Test
  void sampler_labelsOfOthers_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PairSampler(
                    MnistFixture.images(DigitFile.Role.TRAIN_IMAGES),
                    MnistFixture.labels(DigitFile.Role.TEST_LABELS),
                    2))
        .withMessage("Cannot pair 300 images with 200 labels");
  }

  @Test
  void withValidation_marks_areRandomAndAsManyAsAsked() {
    PairDataset pairs = fixture(2).sample(150, SEED).withValidation(30, SPLIT);
    int marked = 0;
    boolean firstOnes = true;
    for (int i = 0; i < pairs.size(); i++) {
      marked += pairs.validation()[i] ? 1 : 0;
      firstOnes &= pairs.validation()[i] == i < 30;
    }

    assertThat(marked).isEqualTo(30);
    assertThat(firstOnes).isFalse();
    assertThat(fixture(2).sample(150, SEED).validation()).containsOnly(false);
  }

  @Test
  void withValidation_everyPair_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fixture(2).sample(10, SEED).withValidation(10, SPLIT))
        .withMessage("Cannot keep 10 of 10 pairs for validation: expected 0 to 9");
  }

  private static String digest(PairDataset pairs) {
    int n = pairs.size();
    ByteBuffer bytes = ByteBuffer.allocate(n * (6 * Integer.BYTES + 2 * 4 * pairs.features()));
    for (int i = 0; i < n; i++) {
      bytes.putInt(pairs.index1()[i]).putInt(pairs.index2()[i]);
      bytes.putInt(pairs.digit1()[i]).putInt(pairs.digit2()[i]);
      bytes.putInt(pairs.target()[i]).putInt(pairs.validation()[i] ? 1 : 0);
    }
    for (int i = 0; i < n * pairs.features(); i++) {
      bytes.putFloat(pairs.image1()[i]).putFloat(pairs.image2()[i]);
    }
    return Digest.of(bytes.array()).sha256();
  }
}
