package dev.twintail.spec;

import dev.twintail.layer.LayerList;

/**
 * Auxiliary layers that read a digit off a body's output, where that output is not the digit's
 * logits itself.
 *
 * @param name its name in the experiment
 * @param branches SHARED or SEPARATE: one for both images, or one each
 */
public record DigitHead(String name, LayerList layers, Branches branches) {
  public DigitHead {
    if (branches == Branches.MERGED) {
      throw new IllegalArgumentException("Cannot merge digit heads: each reads one image");
    }
  }
}
