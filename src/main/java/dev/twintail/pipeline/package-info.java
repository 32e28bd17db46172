/** The Beam graph: the only package that touches Beam. */
@NullMarked
package dev.twintail.pipeline;

import org.jspecify.annotations.NullMarked;
