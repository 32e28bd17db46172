package dev.twintail.spec;

/**
 * What is made of the training pairs anew every epoch, out of the same training images.
 *
 * @param pairing whether the images are paired anew
 * @param shift pixels by which an image is moved at most, in both directions
 */
public record AugmentSpec(Pairing pairing, int shift) {
  static final WholeRange SHIFT = new WholeRange(0, 10);

  /** The pairs as they are. */
  public static final AugmentSpec NONE = new AugmentSpec(Pairing.FIXED, 0);

  /** How long two images stay together; a spec writes it in small letters. */
  public enum Pairing {
    FIXED,
    EVERY_EPOCH
  }

  public AugmentSpec {
    SHIFT.require("shift", shift);
  }
}
