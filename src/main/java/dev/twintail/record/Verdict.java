package dev.twintail.record;

import java.util.Locale;

/** What came of computing a recorded action again. */
public enum Verdict {
  /** The outputs are those that are recorded, byte for byte. */
  REPRODUCED,
  /** The outputs are others than those that are recorded. */
  DIFFERS,
  /** The outputs are those that are recorded, but the store holds other bytes. */
  DAMAGED,
  /** The action was recorded in another numeric environment, and was not computed. */
  ENVIRONMENT_DIFFERS,
  /** Something that it takes is not in the store, so the action was not computed. */
  NOT_VERIFIABLE;

  /** Returns whether the action was computed. */
  public boolean isOfComputation() {
    return this == REPRODUCED || this == DIFFERS || this == DAMAGED;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
