/** Intervals and tests over the rounds of a model; plain Java. */
@NullMarked
package dev.twintail.stats;

import org.jspecify.annotations.NullMarked;
