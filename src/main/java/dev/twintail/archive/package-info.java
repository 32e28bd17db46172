/** Results in the forms in which others keep them: RO-Crate, in-toto statements, model cards. */
@NullMarked
package dev.twintail.archive;

import org.jspecify.annotations.NullMarked;
