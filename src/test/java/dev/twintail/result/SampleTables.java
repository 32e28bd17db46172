package dev.twintail.result;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables that the tests of this package share. */
final class SampleTables {
  private SampleTables() {}

  /** Returns three rows with a column of every type and awkward values. */
  static Table everyType() {
    return everyType(Table.builder("sample", 3).metadata("round", "7").metadata("äöü", "π ≤ 4"));
  }

  static Table everyType(Table.Builder builder) {
    return builder
        .ints("round", new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE})
        .longs("size", new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE})
        .doubles("mean", new double[] {-0.0, Double.NaN, Double.MIN_VALUE})
        .optionalDoubles("published", new @Nullable Double[] {79.71, null, Double.NaN})
        .strings("model", List.of("FCBaseline", "", "Digits – Ziffern 数字 🂡"))
        .optionalStrings("remark", Arrays.asList(null, "", "Digits – 数字"))
        .booleans("pinned", new boolean[] {true, false, true})
        .floats("image", 2, new float[] {0f, 0.25f, -0f, Float.MAX_VALUE, 255f, 63.75f})
        .build();
  }

  /** Returns the columns of {@link #everyType} without a row. */
  static Table empty() {
    return Table.builder("sample", 3)
        .ints("round", new int[0])
        .longs("size", new long[0])
        .doubles("mean", new double[0])
        .optionalDoubles("published", new @Nullable Double[0])
        .strings("model", List.of())
        .optionalStrings("remark", List.of())
        .booleans("pinned", new boolean[0])
        .floats("image", 2, new float[0])
        .build();
  }

  /** Returns many rows of a changing pattern, to fill memory with it. */
  static Table large(int rows) {
    int[] ints = new int[rows];
    float[] floats = new float[rows * 3];
    boolean[] booleans = new boolean[rows];
    @Nullable Double[] optional = new Double[rows];
    String[] strings = new String[rows];
    for (int i = 0; i < rows; i++) {
      ints[i] = ~i;
      booleans[i] = true;
      optional[i] = i % 3 == 0 ? null : -1.0 / (i + 1);
      strings[i] = "row " + i;
      for (int j = 0; j < 3; j++) {
        floats[3 * i + j] = -i - j / 4f;
      }
    }
    return Table.builder("large", 1)
        .ints("i", ints)
        .booleans("b", booleans)
        .optionalDoubles("o", optional)
        .strings("s", List.of(strings))
        .floats("f", 3, floats)
        .build();
  }
}
