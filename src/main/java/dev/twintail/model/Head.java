package dev.twintail.model;

/**
 * What becomes of the two outputs of the body, or the one of a merged body. Arithmetic reads the
 * logits of the digits, which are those outputs unless a digit head makes them.
 */
public enum Head {
  /** The tail reads the raw outputs, image 1 then image 2. */
  LOGITS,
  /** The tail reads the softmax of each image's outputs. */
  SOFTMAX,
  /** The tail reads the one-hot of each image's largest output: no gradient reaches the body. */
  ARGMAX,
  /** No tail: the prediction is argmax of image 1 ≤ argmax of image 2. */
  ARITHMETIC,
  /**
   * No tail: argmax of image 1 &lt; argmax of image 2, so that every tie read right is an error.
   */
  STRICT_ARITHMETIC,
  /** No tail: P(yes) = Σ over i ≤ j of p1(i)·p2(j), with p the softmax of an image's outputs. */
  SOFT_ARITHMETIC;

  /** Returns whether a tail compares; otherwise the head itself does. */
  public boolean hasTail() {
    return this == LOGITS || this == SOFTMAX || this == ARGMAX;
  }
}
