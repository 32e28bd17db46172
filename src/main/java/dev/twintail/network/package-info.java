/**
 * Networks and how they learn, as data: layers, shapes, heads, losses, optimizers, each with its
 * frozen word for keys. Specs are read into these records and engines compute by them; there are no
 * weights here and no arithmetic.
 */
@NullMarked
package dev.twintail.network;

import org.jspecify.annotations.NullMarked;
