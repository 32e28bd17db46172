/** Actions, their keys, the action cache, and the executor that reruns only what is missing. */
@NullMarked
package dev.twintail.action;

import org.jspecify.annotations.NullMarked;
