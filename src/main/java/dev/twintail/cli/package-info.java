/** The command line: one class per command. */
@NullMarked
package dev.twintail.cli;

import org.jspecify.annotations.NullMarked;
