package dev.twintail.spec;

/** What the tail reads of the body's two outputs; a spec writes it in small letters. */
public enum HeadKind {
  /** The raw outputs, image 1 then image 2. */
  LOGITS,
  /** The softmax of each image's outputs. */
  SOFTMAX,
  /** The one-hot of each image's largest output: no gradient reaches the body. */
  ARGMAX,
  /** No tail: the answer is argmax of image 1 ≤ argmax of image 2. */
  ARITHMETIC,
  /** No tail: P(yes) = Σ over i ≤ j of p1(i)·p2(j), with p the softmax of an image's outputs. */
  SOFT_ARITHMETIC;

  /** Returns whether a tail compares; otherwise the head itself does. */
  public boolean hasTail() {
    return this != ARITHMETIC && this != SOFT_ARITHMETIC;
  }
}
