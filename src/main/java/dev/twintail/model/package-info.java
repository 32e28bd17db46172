/** Training and prediction: the only package that touches DL4J, ND4J and their BLAS. */
@NullMarked
package dev.twintail.model;

import org.jspecify.annotations.NullMarked;
