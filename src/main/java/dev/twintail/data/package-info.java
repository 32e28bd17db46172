/** Digits in IDX form, where they come from, pair sampling and seed derivation; plain Java. */
@NullMarked
package dev.twintail.data;

import org.jspecify.annotations.NullMarked;
