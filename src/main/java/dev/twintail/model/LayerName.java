package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Branches;
import dev.twintail.network.SiameseNetwork;
import java.util.List;

/**
 * Where a layer stands, and so what its tensors are called: {@code body.4}, {@code body2.4}, {@code
 * tail.2.0}.
 *
 * @param part {@code body}, {@code digits} or {@code tail}
 * @param branch 1 or 2 where each image has layers of its own, else 0
 * @param path positions, from the outermost list inwards, each after a dot
 */
public record LayerName(String part, int branch, String path) {
  public static LayerName of(String part) {
    return new LayerName(part, 0, "");
  }

  public static LayerName of(String part, int branch) {
    return new LayerName(part, branch, "");
  }

  /** Returns what the tensors of each body are called, in the order of the images. */
  public static List<LayerName> bodies(SiameseNetwork network) {
    return branches("body", network.branches());
  }

  /** Returns what the tensors of each digit head are called; empty where there is none. */
  public static List<LayerName> digitHeads(SiameseNetwork network) {
    return network.digitHead().map(h -> branches("digits", h.branches())).orElse(List.of());
  }

  private static List<LayerName> branches(String part, Branches branches) {
    return branches == Branches.SEPARATE ? List.of(of(part, 1), of(part, 2)) : List.of(of(part));
  }

  /** Returns the name of the layer at a position inside this one. */
  public LayerName at(int position) {
    return new LayerName(part, branch, path + "." + position);
  }

  /** Returns the name that both branches have for a layer that is one. */
  public LayerName shared() {
    return new LayerName(part, 0, path);
  }

  /** Returns whether the layer is the second image's own. */
  public boolean isSecond() {
    return branch == 2;
  }

  /** Returns the name of a tensor of the layer; {@link Tensor} has the same. */
  public String tensor(String kind) {
    return this + "." + kind;
  }

  @Override
  public String toString() {
    return part + (branch == 0 ? "" : branch) + path;
  }
}
