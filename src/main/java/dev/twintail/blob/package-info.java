/** Immutable bytes and their identity, the SHA-256 digest. */
@NullMarked
package dev.twintail.blob;

import org.jspecify.annotations.NullMarked;
