package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rounds that a report's authors recorded, beside ours.
 *
 * @param records {@code records.arrow}
 * @param correlations {@code correlations.arrow}
 */
record AuthorsRounds(Table records, Table correlations) {
  private static final double LEVEL = 0.05;

  /** Returns the part of a report that tells of them. */
  Chapter chapter() {
    return new Chapter(
        "authors-rounds", "The authors’ own rounds", lead(), List.of(grid()), List.of(), List.of());
  }

  /** Says where they are from, and how ours compare. */
  String lead() {
    String where = Objects.requireNonNullElse(records.metadata().get("where"), "");
    StringBuilder text = new StringBuilder("Rounds that the authors recorded (");
    text.append(where)
        .append("), test accuracies in %, beside ours; intervals of the differences are 95 %, by")
        .append(
            " Welch’s t, and p is the exact Mann–Whitney test’s, adjusted by Holm over all models.");
    List<Double> differences =
        Arrays.stream(records.doubles("difference")).mapToObj(d -> 100 * d).toList();
    if (differences.size() > 1) {
      Sample sample = Sample.of(differences);
      text.append(" Over ")
          .append(Chapters.counted(sample.n(), "model"))
          .append(" ours differ from theirs by ")
          .append(Decimal.signed(sample.mean(), 2))
          .append(" points on average, the largest by ")
          .append(Decimal.signed(largest(differences), 2));
    }
    long tested =
        Arrays.stream(records.optionalDoubles("mann_whitney_p_holm"))
            .filter(Objects::nonNull)
            .count();
    if (tested > 0) {
      long told =
          Arrays.stream(records.optionalDoubles("mann_whitney_p_holm"))
              .filter(p -> p != null && p <= LEVEL)
              .count();
      text.append(differences.size() > 1 ? "; " : " ")
          .append(told)
          .append(" of ")
          .append(tested)
          .append(" differ at 5 %");
    }
    text.append('.');
    together().ifPresent(words -> text.append(' ').append(words));
    return text.toString();
  }

  private static double largest(List<Double> differences) {
    return differences.stream().reduce((a, b) -> Math.abs(b) > Math.abs(a) ? b : a).orElse(0.0);
  }

  /** Says how far models go up and down together. */
  private Optional<String> together() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < correlations.rows(); i++) {
      parts.add(
          Decimal.of(correlations.doubles("mean_correlation")[i], 2)
              + " ["
              + Decimal.of(correlations.doubles("ci95_low")[i], 2)
              + ", "
              + Decimal.of(correlations.doubles("ci95_high")[i], 2)
              + "] over "
              + Chapters.counted(correlations.ints("n")[i], "round")
              + (correlations.strings("whose").get(i).equals("authors")
                  ? " of theirs"
                  : " of ours"));
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "From round to round models go up and down together, since they share its pairs: the"
                + " mean correlation of two is "
                + String.join(", and ", parts)
                + ".");
  }

  Chapter.Grid grid() {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < records.rows(); i++) {
      @Nullable Double low = records.optionalDoubles("difference_ci95_low")[i];
      @Nullable Double high = records.optionalDoubles("difference_ci95_high")[i];
      @Nullable Double p = records.optionalDoubles("mann_whitney_p")[i];
      @Nullable Double holm = records.optionalDoubles("mann_whitney_p_holm")[i];
      rows.add(
          List.of(
              records.strings("model").get(i),
              records.strings("conditions").get(i),
              Integer.toString(records.ints("authors_n")[i]),
              spread("authors_mean", "authors_std", i),
              Integer.toString(records.ints("n")[i]),
              spread("mean", "std", i),
              Decimal.signed(100 * records.doubles("difference")[i], 2)
                  + (low == null || high == null
                      ? ""
                      : " [%s, %s]"
                          .formatted(Decimal.signed(100 * low, 2), Decimal.signed(100 * high, 2))),
              p == null ? "" : Decimal.of(p, 4),
              holm == null ? "" : Decimal.of(holm, 4)));
    }
    return new Chapter.Grid(
        "records",
        "Rounds of the authors, and ours",
        List.of(
            "Model",
            "Conditions",
            "Their rounds",
            "Theirs",
            "Our rounds",
            "Ours",
            "Difference",
            "p, Mann–Whitney",
            "p, Holm"),
        rows);
  }

  private String spread(String mean, String std, int row) {
    @Nullable Double deviation = records.optionalDoubles(std)[row];
    return Decimal.of(100 * records.doubles(mean)[row], 2)
        + (deviation == null ? "" : " (" + Decimal.of(100 * deviation, 2) + ")");
  }
}
