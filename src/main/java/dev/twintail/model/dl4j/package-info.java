/**
 * The second engine: the same trainings by Deeplearning4j's own layers, to check the first against
 * an independent implementation.
 */
@NullMarked
package dev.twintail.model.dl4j;

import org.jspecify.annotations.NullMarked;
