package dev.twintail.model;

import java.util.Arrays;

/** Compares weights exactly. */
public final class SameBits {
  private SameBits() {}

  /** Returns whether both hold the same names, shapes and bits. */
  public static boolean sameBits(Weights one, Weights other) {
    if (one.tensors().size() != other.tensors().size()) {
      return false;
    }
    for (int i = 0; i < one.tensors().size(); i++) {
      Weights.Tensor a = one.tensors().get(i);
      Weights.Tensor b = other.tensors().get(i);
      if (!a.name().equals(b.name())
          || !a.shape().equals(b.shape())
          || !Arrays.equals(a.values(), b.values())) {
        return false;
      }
    }
    return true;
  }
}
