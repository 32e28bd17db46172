/** Seeds that are derived, never drawn in call order, and the draws made from them. */
@NullMarked
package dev.twintail.random;

import org.jspecify.annotations.NullMarked;
