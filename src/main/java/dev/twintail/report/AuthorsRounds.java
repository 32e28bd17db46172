package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
    List<Double> tested =
        TableRow.of(records).stream()
            .flatMap(r -> r.optional("mann_whitney_p_holm").stream())
            .toList();
    if (!tested.isEmpty()) {
      text.append(differences.size() > 1 ? "; " : " ")
          .append(tested.stream().filter(p -> p <= LEVEL).count())
          .append(" of ")
          .append(tested.size())
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
    for (TableRow row : TableRow.of(correlations)) {
      parts.add(
          "%s %s over %s of %s"
              .formatted(
                  Decimal.of(row.number("mean_correlation"), 2),
                  Decimal.interval(row.number("ci95_low"), row.number("ci95_high")),
                  Chapters.counted(row.whole("n"), "round"),
                  row.text("whose").equals("authors") ? "theirs" : "ours"));
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
    for (TableRow row : TableRow.of(records)) {
      rows.add(
          List.of(
              row.text("model"),
              row.text("conditions"),
              Integer.toString(row.whole("authors_n")),
              row.meanAndStd("authors_mean", "authors_std"),
              Integer.toString(row.whole("n")),
              row.meanAndStd("mean", "std"),
              row.points("difference")
                  + row.interval("difference_ci95", 100)
                      .map(i -> " " + Decimal.signedInterval(i.low(), i.high()))
                      .orElse(""),
              row.optional("mann_whitney_p").map(p -> Decimal.of(p, 4)).orElse(""),
              row.optional("mann_whitney_p_holm").map(p -> Decimal.of(p, 4)).orElse("")));
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
}
