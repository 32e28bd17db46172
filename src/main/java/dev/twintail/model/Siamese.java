package dev.twintail.model;

import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
import java.util.List;
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
    /** One body reads both images at once: the channels of the first, then of the second. */
    MERGED
  }

  /**
   * Auxiliary layers that read a digit off the output of a body.
   *
   * @param branches SHARED or SEPARATE: one for both images, or one each
   */
  public record DigitHead(LayerList layers, Branches branches) {
    public DigitHead {
      if (branches == Branches.MERGED) {
        throw new IllegalArgumentException("Cannot merge digit heads: each reads one image");
      }
    }
  }

  /** Returns one shared body and a tail. */
  public static Siamese shared(Shape input, LayerList body, Head head, LayerList tail) {
    return new Siamese(input, Branches.SHARED, body, Optional.empty(), head, tail);
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

  /** Returns the number of trainable parameters, those included that nothing reads. */
  public int parameters() {
    int count = count(branches, body) + tail.parameters();
    if (digitHead.isPresent()) {
      count += count(digitHead.get().branches(), digitHead.get().layers());
    }
    return count;
  }

  private static int count(Branches branches, LayerList list) {
    int own = list.parameters();
    return branches == Branches.SEPARATE ? 2 * own - list.sharedParameters() : own;
  }

  /** Returns what the tensors of each body are called, in the order of the images. */
  List<LayerName> bodyNames() {
    return names("body", branches);
  }

  /** Returns what the tensors of each digit head are called; empty where there is none. */
  List<LayerName> digitNames() {
    return digitHead.map(head -> names("digits", head.branches())).orElse(List.of());
  }

  private static List<LayerName> names(String part, Branches branches) {
    return branches == Branches.SEPARATE
        ? List.of(LayerName.of(part, 1), LayerName.of(part, 2))
        : List.of(LayerName.of(part));
  }
}
