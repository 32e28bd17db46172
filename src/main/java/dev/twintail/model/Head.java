package dev.twintail.model;

/** What the tail reads of the two digit outputs of the body. */
public enum Head {
  /** The raw outputs, image 1 then image 2. */
  LOGITS,
  /** The softmax of each image's outputs. */
  SOFTMAX,
  /** The one-hot of each image's largest output: no gradient reaches the body. */
  ARGMAX,
  /** No tail: the prediction is argmax of image 1 ≤ argmax of image 2. */
  ARITHMETIC
}
