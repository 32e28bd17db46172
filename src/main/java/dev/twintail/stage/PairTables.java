package dev.twintail.stage;

import dev.twintail.data.PairDataset;
import dev.twintail.model.Examples;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Pairs of digits as a table, one row a pair: {@code pair} (from 0), {@code split} (train,
 * validation or test), {@code index1}, {@code index2} (rows of the IDX file), {@code digit1},
 * {@code digit2}, {@code target} (1 where digit 1 ≤ digit 2), {@code image1}, {@code image2} (grey
 * values 0 to 255 after pooling, row by row).
 */
final class PairTables {
  private static final String SCHEMA = "pairs";
  private static final int VERSION = 1;
  private static final String VALIDATION = "validation";

  private PairTables() {}

  /**
   * Returns the table of {@code pairs}.
   *
   * @param split of the pairs that are not marked for validation
   */
  static Table of(PairDataset pairs, String split) {
    int[] numbers = new int[pairs.size()];
    List<String> splits = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
      splits.add(pairs.validation()[i] ? VALIDATION : split);
    }
    return Table.builder(SCHEMA, VERSION)
        .metadata("height", Integer.toString(pairs.height()))
        .metadata("width", Integer.toString(pairs.width()))
        .ints("pair", numbers)
        .strings("split", splits)
        .ints("index1", pairs.index1())
        .ints("index2", pairs.index2())
        .ints("digit1", pairs.digit1())
        .ints("digit2", pairs.digit2())
        .ints("target", pairs.target())
        .floats("image1", pairs.features(), pairs.image1())
        .floats("image2", pairs.features(), pairs.image2())
        .build();
  }

  static Table read(byte[] file) {
    return ArrowFiles.decode(file).require(SCHEMA, VERSION);
  }

  /** Returns the pairs of one split, their pixels as {@code scale} leaves them. */
  static Examples examples(Table pairs, String split, PixelScale scale) {
    float[] image1 = pairs.floats("image1");
    float[] image2 = pairs.floats("image2");
    int features = pairs.width("image1");
    SelectedPairs rows = SelectedPairs.of(pairs, split);
    float[] images = new float[2 * rows.size() * features];
    for (int i = 0; i < rows.size(); i++) {
      scale.apply(image1, rows.at(i) * features, images, 2 * i * features, features);
      scale.apply(image2, rows.at(i) * features, images, (2 * i + 1) * features, features);
    }
    return new Examples(features, images, rows.digits(), rows.targets());
  }

  /** Returns the pairs of one split, the one-hot vectors of the true classes in place of images. */
  static Examples oneHot(Table pairs, String split, int classes) {
    SelectedPairs rows = SelectedPairs.of(pairs, split);
    int[] digits = rows.digits();
    float[] images = new float[digits.length * classes];
    for (int i = 0; i < digits.length; i++) {
      images[i * classes + digits[i]] = 1;
    }
    return new Examples(classes, images, digits, rows.targets());
  }

  /** The rows of a table that belong to one split. */
  private record SelectedPairs(Table pairs, List<Integer> rows) {
    static SelectedPairs of(Table pairs, String split) {
      List<Integer> rows = new ArrayList<>();
      List<String> splits = pairs.strings("split");
      for (int i = 0; i < splits.size(); i++) {
        if (splits.get(i).equals(split)) {
          rows.add(i);
        }
      }
      return new SelectedPairs(pairs, rows);
    }

    int size() {
      return rows.size();
    }

    int at(int i) {
      return rows.get(i);
    }

    int[] targets() {
      int[] all = pairs.ints("target");
      return rows.stream().mapToInt(row -> all[row]).toArray();
    }

    int[] digits() {
      int[] first = pairs.ints("digit1");
      int[] second = pairs.ints("digit2");
      int[] digits = new int[2 * rows.size()];
      for (int i = 0; i < rows.size(); i++) {
        digits[2 * i] = first[rows.get(i)];
        digits[2 * i + 1] = second[rows.get(i)];
      }
      return digits;
    }
  }
}
