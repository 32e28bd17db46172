package dev.twintail.model;

import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
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
 * @param tail layers from the concatenated outputs to two logits (no, yes), or to one whose sigmoid
 *     is the probability of yes; empty where {@link Head#hasTail} is false
 */
public record Siamese(
    Shape input,
    Branches branches,
    LayerList body,
    Optional<DigitHead> digitHead,
    Head head,
    LayerList tail) {
  /** Digits 0 to 9. */
  public static final int CLASSES = 10;

  /** Whose weights read which image. */
  public enum Branches {
    /** One body reads both images. */
    SHARED,
    /** Two bodies of the same layers; {@link dev.twintail.layer.Layer.Shared} ones are one. */
    SEPARATE,
    /** One body reads both images at once, as two channels. */
    MERGED
  }

  /**
   * Auxiliary layers that read a digit off the output of a body.
   *
   * @param branches SHARED or SEPARATE: one for both images, or one each
   */
  public record DigitHead(LayerList layers, Branches branches) {}

  /** Returns one shared body and a tail. */
  public static Siamese shared(Shape input, LayerList body, Head head, LayerList tail) {
    return new Siamese(input, Branches.SHARED, body, Optional.empty(), head, tail);
  }

  /** Returns what one pass through a body reads. */
  public Shape bodyInput() {
    return branches == Branches.MERGED && input instanceof Shape.Image image
        ? new Shape.Image(2 * image.channels(), image.height(), image.width())
        : input;
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
}
