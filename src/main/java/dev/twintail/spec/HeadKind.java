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
  ARITHMETIC
}
