package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Judgement;
import dev.twintail.stats.Prediction;
import dev.twintail.stats.Reproduction;
import dev.twintail.stats.Sample;
import dev.twintail.stats.Sharing;
import dev.twintail.stats.Tables;
import dev.twintail.stats.TwoVerdicts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One claim of a report, with what came out of it in each protocol.
 *
 * @param where its place in the report, and of which pairs it is
 * @param asRun what came out as the authors ran it; empty where that is not known
 * @param common what came out in the common protocol
 */
record ClaimRow(
    String model, String where, Optional<EvaluatedClaim> asRun, Optional<EvaluatedClaim> common) {
  /** The conditions of a claim that is judged by its own procedure. */
  static final String AS_RUN = "as run";

  private static final String COMMON = "common protocol";

  /** One row of {@code published.arrow}. */
  record EvaluatedClaim(ClaimTables results, int row) {
    Table published() {
      return results.published();
    }

    private TableRow cells() {
      return new TableRow(published(), row);
    }

    private String text(String column) {
      return cells().text(column);
    }

    /** Returns the claimed accuracy in %, and its deviation. */
    String claim() {
      return cells().meanAndStd("published_mean", "published_std");
    }

    /** Returns our accuracy in %, and its deviation. */
    String accuracy() {
      return cells().meanAndStd("mean", "std");
    }

    /** Returns our median on the pairs of the claim, in %. */
    String median() {
      return cells().percent("median");
    }

    /** Returns ours minus theirs in points. */
    String difference() {
      return cells().points("difference");
    }

    /** Returns where one more mean of the same procedure would be, in %. */
    String predicted() {
      return cells().ends("prediction_ci95");
    }

    /** Returns under which conditions the claim was judged. */
    String conditions() {
      return text("conditions");
    }

    boolean isJudged() {
      return !conditions().equals("other conditions");
    }

    String verdict() {
      return text("verdict");
    }

    String reason() {
      return text("reason");
    }

    boolean isAtPlaceOf(EvaluatedClaim other) {
      return text("model").equals(other.text("model")) && place().equals(other.place());
    }

    /** Returns the claim's place as the spec writes it. */
    ClaimsPage.ClaimedPlace place() {
      return new ClaimsPage.ClaimedPlace(text("split"), text("where"));
    }

    boolean isOfTraining() {
      return place().split().equals("train");
    }

    /**
     * Returns the 95 % interval of our mean in %, by Student's t; empty where the rounds share
     * something and are of one table, since nothing tells then how far its mean may be off.
     */
    Optional<Interval> interval() {
      Tables tables = tables();
      return (tables.sharing() == Sharing.NOTHING ? tables.all() : tables.means())
          .interval95()
          .value()
          .map(i -> i.clippedTo(Interval.PERCENT));
    }

    /** Returns the same of the claim, from its own deviation. */
    Optional<Interval> claimInterval() {
      return sharing("published_rounds_share") == Sharing.NOTHING
          ? judgement().claim().interval95().value().map(i -> i.clippedTo(Interval.PERCENT))
          : Optional.empty();
    }

    /** Returns the rounds of ours in %, table by table. */
    Tables tables() {
      String column = isOfTraining() ? "train_accuracy" : "accuracy";
      List<Double> ours =
          Spread.inPercent(results.evaluations(), column).getOrDefault(text("model"), List.of());
      return Tables.of(sharing("rounds_share"), ours, published().ints("tables")[row]);
    }

    Sharing sharing(String column) {
      return Sharing.of(text(column));
    }

    Judgement judgement() {
      @Nullable Double std = published().optionalDoubles("published_std")[row];
      double mean = inPercent(published().doubles("published_mean")[row]);
      int n = published().ints("published_n")[row];
      Sample claim =
          std == null
              ? Sample.published(mean, n)
              : text("published_deviation").equals("population")
                  ? Sample.publishedWithPopulationStd(mean, inPercent(std), n)
                  : Sample.published(mean, inPercent(std), n);
      String margin = Objects.requireNonNull(published().metadata().get("margin"), "margin");
      return new Judgement(
          tables(), published().ints("idle")[row], claim, inPercent(Double.parseDouble(margin)));
    }

    /** Returns 0.7971 as 79.71, the number that the spec has. */
    private static double inPercent(double fraction) {
      return BigDecimal.valueOf(fraction).movePointRight(2).doubleValue();
    }
  }

  /** Returns the protocol's outcome that tells the claim. */
  EvaluatedClaim claimed() {
    return asRun.or(() -> common).orElseThrow();
  }

  /** Returns whether the claim's procedure gives it; empty where that was not asked. */
  Optional<Prediction> procedure() {
    return asRun.filter(o -> o.conditions().equals(AS_RUN)).map(o -> o.judgement().procedure());
  }

  private Optional<EvaluatedClaim> inCommonProtocol() {
    return common.filter(o -> o.conditions().equals(COMMON));
  }

  /** Returns whether the claim is of rounds that shared something, so that our tables matter. */
  boolean restsOnShared() {
    return inCommonProtocol()
        .filter(o -> o.sharing("published_rounds_share") != Sharing.NOTHING)
        .isPresent();
  }

  /**
   * Returns whether the claim holds in the common protocol; empty where that was not asked. Where
   * its rounds shared something it takes our tables, as run, to tell how far its mean may be off.
   */
  Optional<Reproduction> holds() {
    return inCommonProtocol()
        .map(
            o ->
                o.judgement()
                    .common(
                        o.sharing("published_rounds_share"),
                        asRun.filter(EvaluatedClaim::isJudged).map(EvaluatedClaim::tables)));
  }

  /** Returns what became of the claim in the common protocol; empty where it is not known. */
  String commonVerdict() {
    return holds()
        .map(r -> r.verdict().word())
        .or(() -> common.map(EvaluatedClaim::verdict))
        .orElse("");
  }

  /** Returns why. */
  String commonReason() {
    return holds()
        .map(Reproduction::reason)
        .or(() -> common.map(EvaluatedClaim::reason))
        .orElse("");
  }

  /** Returns the difference in the common protocol in points, and its 95 % interval. */
  String commonDifference() {
    return common.map(EvaluatedClaim::difference).orElse("")
        + holds()
            .flatMap(Reproduction::comparison)
            .map(c -> c.interval95())
            .map(i -> " " + Decimal.signedInterval(i.low(), i.high()))
            .orElse("");
  }

  /** Returns what to conclude; empty unless both questions were asked. */
  String conclusion() {
    return procedure()
        .flatMap(p -> holds().map(h -> new TwoVerdicts(p, h).conclusion()))
        .orElse("");
  }

  /**
   * Returns every claim of either protocol once: those as run first, in their order.
   *
   * @param own of the experiment that is told of, mostly in the common protocol
   * @param asRun of the experiment as its authors ran it, if that is another
   */
  static List<ClaimRow> of(ClaimTables own, Optional<ClaimTables> asRun) {
    List<ClaimRow> rows = new ArrayList<>();
    if (asRun.isPresent()) {
      for (EvaluatedClaim outcome : outcomes(asRun.get())) {
        rows.add(row(outcome, Optional.of(outcome), find(own, outcome)));
      }
    }
    for (EvaluatedClaim outcome : outcomes(own)) {
      if (own.areAsRun() && !outcome.conditions().equals(COMMON)) {
        rows.add(row(outcome, Optional.of(outcome), Optional.empty()));
      } else if (asRun.isEmpty() || find(asRun.get(), outcome).isEmpty()) {
        rows.add(row(outcome, Optional.empty(), Optional.of(outcome)));
      }
    }
    return rows;
  }

  private static ClaimRow row(
      EvaluatedClaim claim, Optional<EvaluatedClaim> asRun, Optional<EvaluatedClaim> common) {
    return new ClaimRow(
        claim.text("model"),
        claim.place().where() + (claim.isOfTraining() ? ", training pairs" : ""),
        asRun,
        common);
  }

  private static List<EvaluatedClaim> outcomes(ClaimTables results) {
    List<EvaluatedClaim> outcomes = new ArrayList<>();
    for (int i = 0; i < results.published().rows(); i++) {
      outcomes.add(new EvaluatedClaim(results, i));
    }
    return outcomes;
  }

  /** Returns the same claim in other results: of those at one place, the one at the same rank. */
  private static Optional<EvaluatedClaim> find(ClaimTables results, EvaluatedClaim claim) {
    long before =
        outcomes(claim.results()).stream().limit(claim.row()).filter(claim::isAtPlaceOf).count();
    return outcomes(results).stream().filter(claim::isAtPlaceOf).skip(before).findFirst();
  }
}
