/** Columnar tables as Arrow files: the only package that touches Arrow. */
@NullMarked
package dev.twintail.result;

import org.jspecify.annotations.NullMarked;
