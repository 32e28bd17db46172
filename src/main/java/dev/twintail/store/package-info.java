/** Places that hold named objects, and the content-addressed store over them. */
@NullMarked
package dev.twintail.store;

import org.jspecify.annotations.NullMarked;
