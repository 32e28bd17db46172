/** Stores as a whole: leases, collection of garbage, checking, copying, sizes. */
@NullMarked
package dev.twintail.upkeep;

import org.jspecify.annotations.NullMarked;
