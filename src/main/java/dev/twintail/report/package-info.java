/** Tables for people. */
@NullMarked
package dev.twintail.report;

import org.jspecify.annotations.NullMarked;
