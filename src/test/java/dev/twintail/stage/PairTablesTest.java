package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.data.PairDataset;
import dev.twintail.model.Examples;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.result.TableFormatException;
import org.junit.jupiter.api.Test;

class PairTablesTest {
  /** Three pairs of images of 1×2 pixels, the second of them for validation. */
  private static final PairDataset PAIRS =
      new PairDataset(
          1,
          2,
          new int[] {10, 11, 12},
          new int[] {20, 21, 22},
          new int[] {1, 2, 0},
          new int[] {1, 0, 2},
          new int[] {1, 0, 1},
          new float[] {1, 2, 3, 4, 5, 6},
          new float[] {10, 20, 30, 40, 50, 60},
          new boolean[] {false, true, false});

  private static final Table TABLE = PairTables.of(PAIRS, "train");

  @Test
  void of_pairs_hasARowAPairAndTellsTheSplit() {
    assertThat(TABLE.columnNames())
        .containsExactly(
            "pair", "split", "index1", "index2", "digit1", "digit2", "target", "image1", "image2");
    assertThat(TABLE.metadata())
        .containsEntry("height", "1")
        .containsEntry("width", "2")
        .containsEntry("schema", "pairs");
    assertThat(TABLE.ints("pair")).containsExactly(0, 1, 2);
    assertThat(TABLE.strings("split")).containsExactly("train", "validation", "train");
    assertThat(TABLE.ints("index2")).containsExactly(20, 21, 22);
    assertThat(TABLE.floats("image2")).containsExactly(10, 20, 30, 40, 50, 60);
  }

  @Test
  void examples_ofOneSplit_alternateFirstAndSecondImages() {
    Examples train = PairTables.examples(TABLE, "train", PixelScale.raw());

    assertThat(train.size()).isEqualTo(2);
    assertThat(train.images()).containsExactly(1, 2, 10, 20, 5, 6, 50, 60);
    assertThat(train.digits()).containsExactly(1, 1, 0, 2);
    assertThat(train.targets()).containsExactly(1, 1);
  }

  @Test
  void examples_ofValidation_areScaledLikeTheOthers() {
    Examples validation = PairTables.examples(TABLE, "validation", new PixelScale(3, 2));

    assertThat(validation.images()).containsExactly(0, 0.5f, 13.5f, 18.5f);
    assertThat(validation.digits()).containsExactly(2, 0);
    assertThat(validation.targets()).containsExactly(0);
  }

  @Test
  void oneHot_hasTheTrueClassesInPlaceOfImages() {
    Examples train = PairTables.oneHot(TABLE, "train", 3);

    assertThat(train.features()).isEqualTo(3);
    assertThat(train.images()).containsExactly(0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1);
    assertThat(train.digits()).containsExactly(1, 1, 0, 2);
    assertThat(train.targets()).containsExactly(1, 1);
  }

  @Test
  void examples_ofASplitWithoutPairs_areEmpty() {
    assertThat(PairTables.examples(TABLE, "test", PixelScale.raw()).size()).isZero();
  }

  @Test
  void read_fileOfAnotherSchema_isRefused() {
    byte[] other = ArrowFiles.encode(Table.builder("other", 1).ints("pair", new int[] {0}).build());

    assertThatThrownBy(() -> PairTables.read(other)).isInstanceOf(TableFormatException.class);
  }

  @Test
  void read_itsOwnFile_isEqual() {
    Table read = PairTables.read(ArrowFiles.encode(TABLE));

    assertThat(read.floats("image1")).isEqualTo(TABLE.floats("image1"));
    assertThat(read.strings("split")).isEqualTo(TABLE.strings("split"));
  }
}
