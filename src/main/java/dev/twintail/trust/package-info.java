/** Signatures: whose results count. */
@NullMarked
package dev.twintail.trust;

import org.jspecify.annotations.NullMarked;
