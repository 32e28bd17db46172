/**
 * Twintail for programs: open a store, read an experiment, plan, run, verify, read results and
 * write reports. The command line is one user of it.
 */
@NullMarked
package dev.twintail.app;

import org.jspecify.annotations.NullMarked;
