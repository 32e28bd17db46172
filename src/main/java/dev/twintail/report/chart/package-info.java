/**
 * Drawings as SVG: the same bytes from the same numbers on every machine, whatever its fonts,
 * locale and Java version; colours follow the reader's light or dark theme.
 */
@NullMarked
package dev.twintail.report.chart;

import org.jspecify.annotations.NullMarked;
