package dev.twintail.report;

import dev.twintail.result.Table;

/**
 * The tables of one experiment that tell of its claims.
 *
 * @param published {@code published.arrow}
 * @param evaluations {@code evaluations.arrow}
 */
public record ClaimTables(Table published, Table evaluations) {
  /** Returns whether a claim is judged as run: an experiment answers one of the two questions. */
  boolean areAsRun() {
    return published.strings("conditions").contains(ClaimRow.AS_RUN);
  }
}
