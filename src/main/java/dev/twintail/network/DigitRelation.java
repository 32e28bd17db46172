package dev.twintail.network;

/** What {@link Head#ARITHMETIC} answers yes to. */
public enum DigitRelation implements FrozenWord {
  /** digit 1 ≤ digit 2. */
  AT_MOST("AT_MOST"),
  /** digit 1 &lt; digit 2, so that every correctly read tie counts as an error. */
  LESS("LESS");

  private final String keyWord;

  DigitRelation(String keyWord) {
    this.keyWord = keyWord;
  }

  @Override
  public String keyWord() {
    return keyWord;
  }

  /** Returns the answer for two digits. */
  public boolean holds(int first, int second) {
    return this == LESS ? first < second : first <= second;
  }
}
