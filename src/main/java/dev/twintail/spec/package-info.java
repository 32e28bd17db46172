/** The experiment as records, and the YAML parser whose errors name file and line. */
@NullMarked
package dev.twintail.spec;

import org.jspecify.annotations.NullMarked;
