/** Work on many things at once, cancelled and awaited as one. */
@NullMarked
package dev.twintail.concurrent;

import org.jspecify.annotations.NullMarked;
