/** One store, seen through all that a run needs of it. */
@NullMarked
package dev.twintail.workspace;

import org.jspecify.annotations.NullMarked;
