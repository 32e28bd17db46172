package dev.twintail.network;

import java.util.Objects;
import java.util.Optional;

/**
 * Bodies that read the two images, and a tail that compares their outputs.
 *
 * @param input shape of one image
 * @param branches whose weights read which image
 * @param body layers of a body; the empty list passes the pixels on
 * @param digitHead layers of their own from a body's output to the logits of the digit losses;
 *     empty where the body's outputs are those logits themselves, or where there are none
 * @param head what the tail reads of the body's outputs
 * @param comparison what {@link Head#ARITHMETIC} answers yes to; AT_MOST with every other head
 * @param tail layers from the concatenated outputs to two logits (no, yes), or to one whose sigmoid
 *     is the probability of yes; empty where {@link Head#hasTail} is false
 */
public record SiameseNetwork(
    Shape input,
    Branches branches,
    LayerList body,
    Optional<DigitHead> digitHead,
    Head head,
    DigitRelation comparison,
    LayerList tail) {
  /** Digits 0 to 9. */
  public static final int CLASSES = 10;

  /** Returns one shared body and a tail. */
  public static SiameseNetwork shared(Shape input, LayerList body, Head head, LayerList tail) {
    return new SiameseNetwork(
        input, Branches.SHARED, body, Optional.empty(), head, DigitRelation.AT_MOST, tail);
  }

  /** Returns what one pass through a body reads. */
  public Shape bodyInput() {
    if (branches != Branches.MERGED) {
      return input;
    }
    return input instanceof Shape.Image image
        ? new Shape.Image(2 * image.channels(), image.height(), image.width())
        : new Shape.Vector(2 * input.size());
  }

  /** Returns the number of values that the tail reads. */
  public int tailInputs() {
    int output = body.output(bodyInput()).size();
    return branches == Branches.MERGED ? output : 2 * output;
  }

  /** Returns whether the logits of the ten classes can be read off each image's body. */
  public boolean readsDigits() {
    if (branches == Branches.MERGED) {
      return false;
    }
    return digitHead.isPresent() || (body.parameters() > 0 && body.output(input).size() == CLASSES);
  }

  /**
   * Returns the number of trainable parameters as the reports count them: shared and tied weights
   * once, the auxiliary heads included, and so are weights that nothing reads.
   */
  public int parameters() {
    int heads = digitHead.map(h -> h.branches().parameters(h.layers())).orElse(0);
    return branches.parameters(body) + heads + tail.parameters();
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof SiameseNetwork that
        && branches == that.branches
        && head == that.head
        && comparison == that.comparison
        && Objects.equals(input, that.input)
        && Objects.equals(body, that.body)
        && Objects.equals(digitHead, that.digitHead)
        && Objects.equals(tail, that.tail);
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, branches, body, digitHead, head, comparison, tail);
  }
}
