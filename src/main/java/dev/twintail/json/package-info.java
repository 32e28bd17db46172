/** JSON that is written. */
@NullMarked
package dev.twintail.json;

import org.jspecify.annotations.NullMarked;
