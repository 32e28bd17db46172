/** Pages for people: tables, drawings and words, the same bytes from the same results. */
@NullMarked
package dev.twintail.report;

import org.jspecify.annotations.NullMarked;
