package dev.twintail.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdxTest {
  /** Returns an IDX file with that head and {@code length} bytes 0, 1, 2, … behind it. */
  static byte[] idx(int length, int magic, int... sizes) {
    ByteBuffer file = ByteBuffer.allocate(Integer.BYTES * (1 + sizes.length) + length);
    file.putInt(magic);
    for (int size : sizes) {
      file.putInt(size);
    }
    for (int i = 0; i < length; i++) {
      file.put((byte) i);
    }
    return file.array();
  }

  @Test
  void parse_images_readsRowsThenColumns() {
    IdxImages images = IdxImages.parse("x", idx(2 * 10 * 20, 0x803, 2, 10, 20));

    assertThat(images.count()).isEqualTo(2);
    assertThat(images.height()).isEqualTo(10);
    assertThat(images.width()).isEqualTo(20);
    assertThat(images.pixel(0, 0, 0)).isZero();
    assertThat(images.pixel(0, 9, 19)).isEqualTo(199);
    assertThat(images.pixel(1, 2, 3)).isEqualTo((200 + 43) & 0xff);
  }

  @Test
  void require_anotherSize_isRefused() {
    IdxImages images = IdxImages.parse("x", idx(2 * 10 * 20, 0x803, 2, 10, 20));

    assertThat(images.require("x", 10, 20)).isSameAs(images);
    assertThatThrownBy(() -> images.require("x", 20, 10))
        .isInstanceOf(IdxFormatException.class)
        .hasMessage(
            "Cannot read IDX file x: its images have 10×20 pixels, not 20×10; correct height and"
                + " width in the pins");
  }

  @Test
  void parse_realDigits_areTheKnownOnes() {
    IdxLabels labels = MnistFixture.labels(DigitFile.Role.TRAIN_LABELS);

    assertThat(labels.count()).isEqualTo(MnistFixture.TRAIN);
    assertThat(new int[] {labels.label(0), labels.label(1), labels.label(2), labels.label(3)})
        .containsExactly(5, 0, 4, 1);
    assertThat(MnistFixture.images(DigitFile.Role.TEST_IMAGES).count())
        .isEqualTo(MnistFixture.TEST);
  }

  @Test
  void parse_noImages_isAllowed() {
    assertThat(IdxImages.parse("x", idx(0, 0x803, 0, 28, 28)).count()).isZero();
  }

  @Test
  void parse_labelsAsImages_namesBothMagics() {
    assertThatThrownBy(() -> IdxImages.parse("t10k-images", idx(30, 0x801, 30)))
        .isInstanceOf(IdxFormatException.class)
        .hasMessage(
            "Cannot read IDX file t10k-images: it starts with 00000801, expected 00000803 "
                + "(unsigned bytes in 3 dimensions)");
  }

  @Test
  void parse_cutFile_namesBothSizes() {
    byte[] whole = idx(2 * 3 * 4, 0x803, 2, 3, 4);

    assertThatThrownBy(() -> IdxImages.parse("x", Arrays.copyOf(whole, whole.length - 1)))
        .hasMessage("Cannot read IDX file x: it has 39 bytes, its dimensions need 40");
    assertThatThrownBy(() -> IdxImages.parse("x", Arrays.copyOf(whole, whole.length + 1)))
        .hasMessage("Cannot read IDX file x: it has 41 bytes, its dimensions need 40");
    assertThatThrownBy(() -> IdxImages.parse("x", Arrays.copyOf(whole, 15)))
        .hasMessage("Cannot read IDX file x: it has 15 bytes, its head alone needs 16");
  }

  @Test
  void parse_absurdDimensions_isRefusedWithoutAllocating() {
    assertThatThrownBy(() -> IdxImages.parse("x", idx(0, 0x803, 1 << 30, 1 << 30, 1 << 30)))
        .hasMessage("Cannot read IDX file x: its dimensions are too large for memory");
    assertThatThrownBy(() -> IdxImages.parse("x", idx(0, 0x803, -1, 28, 28)))
        .hasMessage("Cannot read IDX file x: dimension 1 has size -1");
    assertThatThrownBy(() -> IdxImages.parse("x", idx(0, 0x803, 1, 0, 28)))
        .hasMessage("Cannot read IDX file x: dimension 2 has size 0");
  }

  @Test
  void parse_labelOutsideItsClasses_namesRowAndLabel() {
    assertThat(IdxLabels.parse("y", idx(26, 0x801, 26), 26).label(25)).isEqualTo(25);
    assertThatThrownBy(() -> IdxLabels.parse("y", idx(26, 0x801, 26), 10))
        .hasMessage("Cannot read IDX file y: label 10 is 10, expected 0 to 9");
  }
}
