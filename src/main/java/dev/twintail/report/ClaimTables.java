package dev.twintail.report;

import dev.twintail.result.Table;

/**
 * The tables of one experiment that tell of its claims.
 *
 * @param published {@code published.arrow}
 * @param evaluations {@code evaluations.arrow}
 */
public record ClaimTables(Table published, Table evaluations) {}
