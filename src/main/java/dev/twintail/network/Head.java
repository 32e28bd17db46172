package dev.twintail.network;

/**
 * What becomes of the two outputs of the body, or the one of a merged body. Arithmetic reads the
 * logits of the digits, which are those outputs unless a digit head makes them.
 */
public enum Head implements FrozenWord {
  /** The tail reads the raw outputs, image 1 then image 2. */
  LOGITS("LOGITS"),
  /** The tail reads the softmax of each image's outputs. */
  SOFTMAX("SOFTMAX"),
  /** The tail reads the one-hot of each image's largest output: no gradient reaches the body. */
  ARGMAX("ARGMAX"),
  /** No tail: the answer compares the argmax of image 1 with that of image 2. */
  ARITHMETIC("ARITHMETIC"),
  /** No tail: P(yes) = Σ over i ≤ j of p1(i)·p2(j), with p the softmax of an image's outputs. */
  SOFT_ARITHMETIC("SOFT_ARITHMETIC");

  private final String keyWord;

  Head(String keyWord) {
    this.keyWord = keyWord;
  }

  @Override
  public String keyWord() {
    return keyWord;
  }

  /** Returns whether a tail compares; otherwise the head itself does. */
  public boolean hasTail() {
    return this != ARITHMETIC && this != SOFT_ARITHMETIC;
  }
}
