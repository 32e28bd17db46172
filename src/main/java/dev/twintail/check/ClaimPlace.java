package dev.twintail.check;

import java.util.Comparator;

/**
 * Where a report claims something of a model.
 *
 * @param split of the pairs, {@code test} or {@code train}
 * @param where the place in the report, such as {@code Table 1}
 * @param number from 1; more than 1 where a place holds several claims of that kind
 */
public record ClaimPlace(String model, String split, String where, int number)
    implements Comparable<ClaimPlace> {
  private static final Comparator<ClaimPlace> ORDER =
      Comparator.comparing(ClaimPlace::model)
          .thenComparing(ClaimPlace::split)
          .thenComparing(ClaimPlace::where)
          .thenComparingInt(ClaimPlace::number);

  @Override
  public int compareTo(ClaimPlace other) {
    return ORDER.compare(this, other);
  }

  /** Returns it for people, such as {@code ConvAux, Table 1, training pairs}. */
  @Override
  public String toString() {
    return model + ", " + withoutModel();
  }

  /** Returns it for people who know the model, such as {@code Table 1, training pairs}. */
  String withoutModel() {
    return where
        + (split.equals("train") ? ", training pairs" : "")
        + (number == 1 ? "" : ", number " + number);
  }
}
