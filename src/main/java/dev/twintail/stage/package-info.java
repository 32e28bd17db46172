/** The work of the pipeline's stages: bytes in, bytes out, no store and no Beam. */
@NullMarked
package dev.twintail.stage;

import org.jspecify.annotations.NullMarked;
