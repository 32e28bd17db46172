/**
 * How connections leave this machine: proxies and certificates, by the variables of other tools.
 */
@NullMarked
package dev.twintail.net;

import org.jspecify.annotations.NullMarked;
