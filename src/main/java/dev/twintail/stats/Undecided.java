package dev.twintail.stats;

/** Why there is no verdict. */
public enum Undecided {
  /** Fewer than {@value Tables#FEWEST} rounds of ours. */
  TOO_FEW_ROUNDS("fewer than " + Tables.FEWEST + " rounds"),
  /** Rounds share something, and there is one table: nothing tells how far tables scatter. */
  ONE_TABLE("one table only"),
  /** Rounds share something, and there are fewer than {@value Tables#FEWEST} tables. */
  TOO_FEW_TABLES("fewer than " + Tables.FEWEST + " tables"),
  /** Rounds go on from each other, and the claim's go on for longer than ours. */
  SHORTER_TABLES("fewer rounds a table than the claim has"),
  /** All rounds or tables agree, so that nothing tells how far one more mean may be. */
  NO_SPREAD("no spread"),
  /** Half of the rounds of ours or more did not learn. */
  NOT_LEARNT("too many rounds that did not learn"),
  /** The interval holds the claim, but would hold nearly any number. */
  TOO_WIDE("an interval too wide to tell");

  private final String words;

  Undecided(String words) {
    this.words = words;
  }

  /** Returns the reason in a few words. */
  public String words() {
    return words;
  }
}
