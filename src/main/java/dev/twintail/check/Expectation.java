package dev.twintail.check;

import java.util.Optional;

/**
 * What a report claims at one place, and what is to become of it.
 *
 * @param mean accuracy in percent, as a decimal number
 * @param std in percentage points, as a decimal number; empty where none is told
 * @param rounds how many rounds it is the mean of
 * @param verdict such as {@code reproduced}
 */
public record Expectation(
    ClaimPlace place, String mean, Optional<String> std, int rounds, String verdict) {

  /** Returns the published number for people, such as {@code 88.04 (1.97) of 10 rounds}. */
  public String published() {
    return mean
        + std.map(s -> " (" + s + ")").orElse("")
        + " of "
        + rounds
        + (rounds == 1 ? " round" : " rounds");
  }
}
