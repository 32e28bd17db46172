package dev.twintail.model;

import dev.twintail.network.Head;
import dev.twintail.network.Loss;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import java.util.Optional;

/** What no engine can train, as its parts do not fit each other. */
public final class Contradiction {
  private Contradiction() {}

  /** Returns, in one line, what of it cannot be trained; empty if all parts fit. */
  public static Optional<String> of(SiameseNetwork network, Loss loss, TrainingConfig training) {
    Head head = network.head();
    boolean compares = head.hasTail() || head == Head.SOFT_ARITHMETIC;
    if (head.hasTail()) {
      Shape logits = network.tail().output(new Shape.Vector(network.tailInputs()));
      if (logits.size() > 2) {
        return Optional.of("a tail that ends in " + logits + ": it must be one logit or two");
      }
    } else if (!network.readsDigits()) {
      return Optional.of("head " + head.word() + ", which compares digits, where none is read");
    }
    if (loss.target() != 0 && !compares) {
      return Optional.of("a target loss behind head " + head.word() + ": its weight must be 0");
    }
    if (loss.digit() != 0 && !network.readsDigits()) {
      return Optional.of("a digit loss where nothing ends in the logits of ten classes");
    }
    if (training.augment().shift() > 0 && !(network.input() instanceof Shape.Image)) {
      return Optional.of("shifts of " + network.input() + ", which have no rows and columns");
    }
    return Optional.empty();
  }
}
