/** Whether results are as expected, told to machines that build: JUnit XML, Markdown, JSON. */
@NullMarked
package dev.twintail.check;

import org.jspecify.annotations.NullMarked;
