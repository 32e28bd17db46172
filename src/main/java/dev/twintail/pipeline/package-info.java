/** An experiment run by Beam; nothing else touches Beam. */
@NullMarked
package dev.twintail.pipeline;

import org.jspecify.annotations.NullMarked;
