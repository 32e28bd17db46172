/** Recorded actions computed again, and what was found. */
@NullMarked
package dev.twintail.verify;

import org.jspecify.annotations.NullMarked;
