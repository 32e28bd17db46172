package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One claim of a report, with what came out of it in each protocol.
 *
 * @param where its place in the report, and of which pairs it is
 * @param asRun what came out as the authors ran it; empty where that is not known
 * @param corrected what came out in the common protocol
 */
record ClaimRow(String model, String where, Optional<Outcome> asRun, Optional<Outcome> corrected) {

  /** One row of {@code published.arrow}. */
  record Outcome(Table published, int row) {
    /** Returns the claimed accuracy in %, and its deviation. */
    String claim() {
      return percent("published_mean", "published_std");
    }

    /** Returns our accuracy in %, and its deviation. */
    String accuracy() {
      return percent("mean", "std");
    }

    /** Returns ours minus theirs in points, and its 95 % interval. */
    String difference() {
      @Nullable Double low = published.optionalDoubles("difference_ci95_low")[row];
      @Nullable Double high = published.optionalDoubles("difference_ci95_high")[row];
      return Decimal.signed(100 * published.doubles("difference")[row], 2)
          + (low == null || high == null
              ? ""
              : " [" + Decimal.signed(100 * low, 2) + ", " + Decimal.signed(100 * high, 2) + "]");
    }

    String verdict() {
      return published.strings("verdict").get(row);
    }

    String reason() {
      return published.strings("reason").get(row);
    }

    /** Returns the claim's place as the spec writes it. */
    String place() {
      return published.strings("where").get(row);
    }

    private String percent(String mean, String std) {
      @Nullable Double deviation = published.optionalDoubles(std)[row];
      return Decimal.of(100 * published.doubles(mean)[row], 2)
          + (deviation == null ? "" : " (" + Decimal.of(100 * deviation, 2) + ")");
    }
  }

  /** Returns the protocol's outcome that tells the claim. */
  Outcome claimed() {
    return asRun.or(() -> corrected).orElseThrow();
  }

  /** Returns every claim of either protocol once: those as run first, in their order. */
  static List<ClaimRow> of(Table corrected, Optional<Table> asRun) {
    List<ClaimRow> rows = new ArrayList<>();
    if (asRun.isPresent()) {
      for (Outcome outcome : outcomes(asRun.get())) {
        rows.add(row(outcome, Optional.of(outcome), find(corrected, outcome)));
      }
    }
    for (Outcome outcome : outcomes(corrected)) {
      if (asRun.isEmpty() || find(asRun.get(), outcome).isEmpty()) {
        rows.add(row(outcome, Optional.empty(), Optional.of(outcome)));
      }
    }
    return rows;
  }

  /** Returns the claims of one protocol. */
  static List<ClaimRow> of(Table published) {
    return of(published, Optional.empty());
  }

  private static ClaimRow row(Outcome claim, Optional<Outcome> asRun, Optional<Outcome> corrected) {
    boolean training = claim.published().strings("split").get(claim.row()).equals("train");
    return new ClaimRow(
        claim.published().strings("model").get(claim.row()),
        claim.place() + (training ? ", training pairs" : ""),
        asRun,
        corrected);
  }

  private static List<Outcome> outcomes(Table published) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < published.rows(); i++) {
      outcomes.add(new Outcome(published, i));
    }
    return outcomes;
  }

  private static Optional<Outcome> find(Table published, Outcome claim) {
    return outcomes(published).stream()
        .filter(
            o ->
                List.of("model", "where", "split").stream()
                    .allMatch(
                        c ->
                            o.published()
                                .strings(c)
                                .get(o.row())
                                .equals(claim.published().strings(c).get(claim.row()))))
        .findFirst();
  }
}
