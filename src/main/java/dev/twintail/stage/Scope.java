package dev.twintail.stage;

import java.util.OptionalInt;

/** How much of an experiment an action is of. */
public sealed interface Scope {
  /**
   * One repetition.
   *
   * @param number from 1
   */
  record Round(int number) implements Scope {}

  /**
   * One decision of a search for settings.
   *
   * @param number from 1
   */
  record SweepStep(String sweep, int number) implements Scope {}

  /** All models and all rounds. */
  record Whole() implements Scope {}

  /** Returns the number of the round, if it is one. */
  default OptionalInt round() {
    return this instanceof Round round ? OptionalInt.of(round.number()) : OptionalInt.empty();
  }
}
