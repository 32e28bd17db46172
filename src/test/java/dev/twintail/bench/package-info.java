/**
 * Twintail's side of the benchmark against PyTorch, see {@code ci/bench/README.md}: it writes down
 * what a training is, for the peer to train the same, and takes its time.
 */
@NullMarked
package dev.twintail.bench;

import org.jspecify.annotations.NullMarked;
