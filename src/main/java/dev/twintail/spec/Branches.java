package dev.twintail.spec;

/** Whose weights read which image; a spec writes it in small letters. */
public enum Branches {
  /** One set of weights reads both images. */
  SHARED,
  /** Each image has weights of its own. */
  SEPARATE,
  /** One network reads both images at once, as two channels. */
  MERGED
}
