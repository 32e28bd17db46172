/** What happened: runs, executions and verifications, beside the results and never part of them. */
@NullMarked
package dev.twintail.record;

import org.jspecify.annotations.NullMarked;
