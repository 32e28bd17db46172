package dev.twintail.network;

/**
 * Auxiliary layers that read a digit off a body's output, where that output is not the digit's
 * logits itself.
 *
 * @param layers from a body's output to a logit for each class
 * @param branches SHARED or SEPARATE: one for both images, or one each
 */
public record DigitHead(LayerList layers, Branches branches) {
  /**
   * @throws IllegalArgumentException if {@code branches} is MERGED
   */
  public DigitHead {
    if (branches == Branches.MERGED) {
      throw new IllegalArgumentException("Cannot merge digit heads: each reads one image");
    }
  }
}
