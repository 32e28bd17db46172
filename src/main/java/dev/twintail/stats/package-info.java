/**
 * Intervals and tests over the rounds of models, and verdicts on published numbers; plain Java.
 *
 * <p>Start at {@link dev.twintail.stats.Sample} for one model, {@link
 * dev.twintail.stats.Differences} for two on the same rounds, {@link dev.twintail.stats.Factorial}
 * for four that make up a 2×2, {@link dev.twintail.stats.Holm} for a family of tests and {@link
 * dev.twintail.stats.Reproduction} for a claim. Nothing here returns NaN: where a number does not
 * exist, a sentence says why.
 */
@NullMarked
package dev.twintail.stats;

import org.jspecify.annotations.NullMarked;
