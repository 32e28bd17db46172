package dev.twintail.stats;

/** What the rounds of one table have in common, so that they tell less than as many alone. */
public enum Sharing {
  /** Nothing: every round draws its pairs and its weights anew. */
  NOTHING("nothing"),
  /** One draw of pairs; weights start anew. */
  DRAW("one draw of pairs"),
  /** The weights: each round goes on from the one before, on the same pairs. */
  WEIGHTS("pairs and weights");

  private final String words;

  Sharing(String words) {
    this.words = words;
  }

  /** Returns what is shared, for sentences. */
  public String words() {
    return words;
  }
}
