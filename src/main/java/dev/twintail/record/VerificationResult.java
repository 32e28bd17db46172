package dev.twintail.record;

/** What came of computing a recorded action again. */
public enum VerificationResult {
  /** The outputs are those that are recorded, byte for byte. */
  REPRODUCED("reproduced"),
  /** The outputs are others than those that are recorded. */
  DIFFERS("differs"),
  /** The outputs are those that are recorded, but the store holds other bytes. */
  DAMAGED("damaged"),
  /** The action was recorded in another numeric environment, and was not computed. */
  ENVIRONMENT_DIFFERS("environment-differs"),
  /** Something that it takes is not in the store, so the action was not computed. */
  NOT_VERIFIABLE("not-verifiable");

  private final String word;

  VerificationResult(String word) {
    this.word = word;
  }

  /** Returns whether the action was computed. */
  public boolean isOfComputation() {
    return this == REPRODUCED || this == DIFFERS || this == DAMAGED;
  }

  /** Returns the word for people. */
  @Override
  public String toString() {
    return word;
  }
}
