package dev.twintail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.result.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SummaryTableTest {
  private static final Locale LOCALE = Locale.getDefault();
  private static final SummaryTable TABLE =
      SummaryTable.of(
          Table.builder("summary", 1)
              .strings("model", List.of("Digits", "Own", "Once"))
              .ints("parameters", new int[] {72226, 900, 1000})
              .ints("n", new int[] {10, 10, 1})
              .ints("idle", new int[] {0, 1, 0})
              .doubles("mean", new double[] {0.985, 0.5, 1})
              .doubles("median", new double[] {0.984, 0.5, 1})
              .optionalDoubles("std", new Double[] {0.002, 0.0, null})
              .optionalDoubles("ci95_low", new Double[] {0.9836, 0.5, null})
              .optionalDoubles("ci95_high", new Double[] {0.9864, 0.5, null})
              .optionalDoubles("published_mean", new Double[] {0.9745, null, 0.9})
              .optionalDoubles("published_std", new Double[] {0.0053, null, null})
              .optionalDoubles("published_n", new Double[] {10.0, null, 1.0})
              .optionalDoubles("difference", new Double[] {0.0105, null, 0.1})
              .optionalDoubles("difference_ci95_low", new Double[] {0.0066, null, null})
              .optionalDoubles("difference_ci95_high", new Double[] {0.0144, null, null})
              .strings("verdict", List.of("above", "unpublished", "inconclusive"))
              .build());

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(LOCALE);
  }

  @Test
  void text_isAlignedInPercent() {
    // As a run in this locale would print it: a point, not a comma.
    Locale.setDefault(Locale.GERMANY);

    assertThat(TABLE.noting(List.of("A note.")).text("study, 10 rounds", OptionalInt.empty()))
        .isEqualTo(
            """
            study, 10 rounds: test accuracy in %

            model   params    mean   std  median   95 % interval     published            difference  verdict
            Digits  72,226   98.50  0.20   98.40  [98.36, 98.64]  97.45 (0.53)  +1.05 [+0.66, +1.44]  above
            Own        900   50.00  0.00   50.00  [50.00, 50.00]                                      unpublished
            Once     1,000  100.00        100.00                         90.00                +10.00  inconclusive

            A note.
            """);
  }

  @Test
  void rows_leaveOutWhatHasNoValue() {
    assertThat(TABLE.rows().get(2))
        .isEqualTo(
            new SummaryTable.ModelSummary(
                "Once",
                1000,
                1,
                1,
                1,
                0,
                Map.of("published_mean", 0.9, "published_n", 1.0, "difference", 0.1),
                "inconclusive"));
  }
}
