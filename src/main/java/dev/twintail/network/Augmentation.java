package dev.twintail.network;

/**
 * What is made of the training pairs anew every epoch, out of the same training images.
 *
 * @param pairing whether the images are paired anew, targets recomputed
 * @param shift each image is moved by −shift to shift pixels in both directions, uniformly; what
 *     moves in is the background
 */
public record Augmentation(Pairing pairing, int shift) {
  public static final WholeRange SHIFT = new WholeRange(0, 10);

  /** The pairs as they are. */
  public static final Augmentation NONE = new Augmentation(Pairing.FIXED, 0);

  /** How long two training images stay together. */
  public enum Pairing implements FrozenWord {
    FIXED("FIXED"),
    /** A random permutation of all training images pairs them anew each epoch. */
    EVERY_EPOCH("EVERY_EPOCH");

    private final String keyWord;

    Pairing(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /**
   * @throws IllegalArgumentException if {@code shift} is out of range
   */
  public Augmentation {
    SHIFT.require("shift", shift);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof Augmentation that && pairing == that.pairing && shift == that.shift;
  }

  @Override
  public int hashCode() {
    return shift;
  }
}
