package dev.twintail.model;

import dev.twintail.random.Draws;

/** What a forward pass is for: some layers compute something else when nothing is learnt. */
sealed interface Mode {
  /** Nothing is drawn and no tensor changes. */
  Mode EVALUATION = new Evaluation();

  /** Layers drop values and normalise by the batch, whose statistics they gather. */
  record LearningMode(Draws dropout) implements Mode {}

  /** Layers compute what they computed in the last pass, once more, and nothing changes. */
  Mode AGAIN = new Again();

  /** Layers compute one function of their weights. */
  record Evaluation() implements Mode {}

  /** See {@link #AGAIN}; for layers that do not draw. */
  record Again() implements Mode {}
}
