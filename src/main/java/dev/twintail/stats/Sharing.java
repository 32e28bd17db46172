package dev.twintail.stats;

import java.util.Arrays;

/** What the rounds of one table have in common, so that they tell less than as many alone. */
public enum Sharing {
  /** Nothing: every round draws its pairs and its weights anew. */
  NOTHING("nothing", "nothing"),
  /** One draw of pairs; weights start anew. */
  DRAW("draw", "one draw of pairs"),
  /** The weights: each round goes on from the one before, on the same pairs. */
  WEIGHTS("weights", "pairs and weights");

  private final String word;
  private final String words;

  Sharing(String word, String words) {
    this.word = word;
    this.words = words;
  }

  /**
   * Returns what is shared by its word in tables.
   *
   * @throws IllegalArgumentException if there is no such word
   */
  public static Sharing of(String word) {
    return Arrays.stream(values())
        .filter(sharing -> sharing.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Cannot share '" + word + "'"));
  }

  /** Returns what is shared, for sentences. */
  public String words() {
    return words;
  }
}
