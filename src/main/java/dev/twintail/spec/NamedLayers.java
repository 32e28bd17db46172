package dev.twintail.spec;

import dev.twintail.layer.LayerList;
import java.util.List;

/**
 * A body or a tail as a spec defines it.
 *
 * @param where its path, such as {@code bodies.lenet}
 * @param lines where each layer stands
 */
record NamedLayers(String name, String where, Position at, LayerList list, List<Position> lines) {
  NamedLayers {
    lines = List.copyOf(lines);
  }

  /** Returns where layer {@code index} stands, from 0. */
  Position line(int index) {
    return lines.get(index);
  }

  /** Returns how messages name layer {@code index}: {@code bodies.lenet, layer 3}. */
  String layer(int index) {
    return where + ", layer " + (index + 1);
  }
}
