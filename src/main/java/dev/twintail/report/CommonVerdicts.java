package dev.twintail.report;

import dev.twintail.result.Table;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Reproduction;
import dev.twintail.stats.Sharing;
import dev.twintail.stats.Tables;
import dev.twintail.stats.Undecided;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts of the common protocol for claims whose rounds shared something. How far the mean of
 * such a claim may be off is told by tables that were made as it was made, and these are results of
 * another experiment; so {@code published.arrow} of the common protocol alone has no such verdict.
 * Whoever tells verdicts takes them from here, so that all tell the same.
 */
public final class CommonVerdicts {
  private static final List<String> INTERVAL =
      List.of("difference_ci95_low", "difference_ci95_high");

  private CommonVerdicts() {}

  /**
   * Returns the rows of {@code published.arrow} whose verdict rests on tables of another
   * experiment: all that is missing is how far such a table's mean may be off.
   */
  public static NavigableSet<Integer> onTables(ClaimTables common) {
    NavigableSet<Integer> rows = new TreeSet<>();
    for (ClaimRow claim : ClaimRow.of(common, Optional.empty())) {
      if (claim.restsOnShared()
          && claim
              .holds()
              .flatMap(Reproduction::undecided)
              .equals(Optional.of(Undecided.ONE_TABLE))) {
        claim.common().ifPresent(c -> rows.add(c.row()));
      }
    }
    return rows;
  }

  /**
   * Returns whether tables of another experiment would tell the verdict of a row.
   *
   * @param published {@code published.arrow} of the common protocol
   * @param shared what the rounds of such a table share, as {@code published_rounds_share} says it
   * @param tables how many there are
   * @param rounds of each
   */
  public static boolean wouldTell(Table published, int row, String shared, int tables, int rounds) {
    Sharing sharing = Sharing.of(shared);
    return published.strings("published_rounds_share").get(row).equals(shared)
        && Tables.lack(sharing, tables, rounds, published.ints("published_n")[row]).isEmpty();
  }

  /**
   * Returns {@code published.arrow} of the common protocol with the verdict, its reason and the
   * interval of the difference of each such claim as they are by the tables as run.
   */
  public static Table published(ClaimTables common, ClaimTables asRun) {
    Table published = common.published();
    NavigableSet<Integer> onTables = onTables(common);
    List<ClaimRow> claims = ClaimRow.of(common, Optional.of(asRun));
    List<String> verdicts = new ArrayList<>(published.strings("verdict"));
    List<String> reasons = new ArrayList<>(published.strings("reason"));
    List<@Nullable Double[]> interval = INTERVAL.stream().map(published::optionalDoubles).toList();
    for (ClaimRow claim : claims) {
      Optional<Integer> row =
          claim.common().map(ClaimRow.EvaluatedClaim::row).filter(onTables::contains);
      Optional<Reproduction> holds = claim.holds();
      if (row.isPresent() && holds.isPresent()) {
        verdicts.set(row.get(), claim.commonVerdict());
        reasons.set(row.get(), claim.commonReason());
        Optional<Interval> points = holds.get().comparison().map(c -> c.interval95());
        interval.get(0)[row.get()] = points.map(i -> i.low() / 100).orElse(null);
        interval.get(1)[row.get()] = points.map(i -> i.high() / 100).orElse(null);
      }
    }
    return published
        .replacing(INTERVAL.get(0), interval.get(0))
        .replacing(INTERVAL.get(1), interval.get(1))
        .replacing("verdict", verdicts)
        .replacing("reason", reasons);
  }

  /**
   * Returns {@code summary.arrow} with the verdict and the interval of the difference of the claim
   * that each model's row shows: its first about test pairs.
   *
   * @param published of the same experiment, as {@link #published} returns it
   */
  public static Table summary(Table summary, Table published) {
    List<String> verdicts = new ArrayList<>(summary.strings("verdict"));
    List<@Nullable Double[]> interval = INTERVAL.stream().map(summary::optionalDoubles).toList();
    for (int i = 0; i < summary.rows(); i++) {
      int claim = firstOfTest(summary.strings("model").get(i), published);
      if (claim >= 0) {
        verdicts.set(i, published.strings("verdict").get(claim));
        for (int end = 0; end < INTERVAL.size(); end++) {
          interval.get(end)[i] = published.optionalDoubles(INTERVAL.get(end))[claim];
        }
      }
    }
    return summary
        .replacing(INTERVAL.get(0), interval.get(0))
        .replacing(INTERVAL.get(1), interval.get(1))
        .replacing("verdict", verdicts);
  }

  private static int firstOfTest(String model, Table published) {
    for (int i = 0; i < published.rows(); i++) {
      if (published.strings("model").get(i).equals(model)
          && published.strings("split").get(i).equals("test")) {
        return i;
      }
    }
    return -1;
  }
}
