/** Networks as lists of layers: shapes and parameter counts, no weights and no arithmetic. */
@NullMarked
package dev.twintail.layer;

import org.jspecify.annotations.NullMarked;
