package dev.twintail.spec;

import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A body, a digit head or a tail as a spec defines it. It may leave open how many values a layer
 * reads, and may hold settings such as {@code $h}; a model gives both, and so makes layers of it.
 *
 * @param where its path, such as {@code bodies.lenet}
 * @param settings the names of its settings, without the {@code $}
 */
record LayerTemplate(
    String name, String where, Position at, List<LayerItem> items, Set<String> settings) {
  LayerTemplate {
    items = List.copyOf(items);
  }

  /** Makes the layers that stand for one item: none or several where it repeats others. */
  interface LayerRecipe {
    /**
     * Returns the layers.
     *
     * @throws IllegalArgumentException if they cannot read {@code input}; the message says why
     */
    List<Layer> layers(Shape input, Map<String, Double> settings);
  }

  /**
   * One item of the list.
   *
   * @param word {@code linear}; of other layers all their words, before the colon if they have one
   * @param in the number of inputs, where it is a {@code linear} layer with a number written out
   */
  record LayerItem(Position at, String word, Optional<Integer> in, LayerRecipe recipe) {}

  /** Returns where item {@code index} stands, from 0. */
  Position line(int index) {
    return items.get(index).at();
  }

  /** Returns how messages name item {@code index}: {@code bodies.lenet, layer 3}. */
  String item(int index) {
    return where + ", layer " + (index + 1);
  }

  /** An item that cannot stand where it does. */
  record Misfit(int item, String message, Shape input) {}

  /** The layers, or the first item that does not fit. */
  record BuiltLayers(LayerList layers, Shape output, Optional<Misfit> misfit) {}

  /** Returns the layers for {@code input}, up to the first that does not fit. */
  BuiltLayers make(Shape input, Map<String, Double> settings) {
    LayerSequence made = new LayerSequence(input);
    Optional<Misfit> misfit = Optional.empty();
    for (int i = 0; i < items.size() && misfit.isEmpty(); i++) {
      try {
        made.addAll(items.get(i).recipe().layers(made.output(), settings));
      } catch (IllegalArgumentException e) {
        misfit = Optional.of(new Misfit(i, item(i) + ": " + e.getMessage(), made.output()));
      }
    }
    return new BuiltLayers(new LayerList(made.layers()), made.output(), misfit);
  }
}
