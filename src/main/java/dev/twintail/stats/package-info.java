/**
 * Intervals and tests over the rounds of models, and verdicts on published numbers; plain Java.
 *
 * <p>Start at {@link dev.twintail.stats.Sample} for one model, {@link
 * dev.twintail.stats.Differences} for two on the same rounds, {@link dev.twintail.stats.Factorial}
 * for four that make up a 2×2, {@link dev.twintail.stats.Holm} for a family of tests and {@link
 * dev.twintail.stats.MultipleComparisonsWithBest} for all models at once; at {@link
 * dev.twintail.stats.TwoVerdicts} for a claim, which {@link dev.twintail.stats.Prediction} and
 * {@link dev.twintail.stats.Reproduction} judge; at {@link dev.twintail.stats.VarianceComponents}
 * and {@link dev.twintail.stats.Power} for what varies and how many rounds that takes, and at
 * {@link dev.twintail.stats.Learnt} for rounds that went wrong. Nothing here returns NaN: where a
 * number does not exist, a sentence or a constant says why.
 */
@NullMarked
package dev.twintail.stats;

import org.jspecify.annotations.NullMarked;
