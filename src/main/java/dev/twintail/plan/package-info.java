/** What an experiment needs and what of it is there: graph, keys, plan, why, and lock files. */
@NullMarked
package dev.twintail.plan;

import org.jspecify.annotations.NullMarked;
