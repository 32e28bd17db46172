package dev.twintail.network;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Layers applied one after the other: a body or a tail. May be empty: the identity. */
public record LayerList(List<Layer> layers) {
  /** The identity. */
  public static final LayerList NONE = new LayerList(List.of());

  public LayerList {
    layers = List.copyOf(layers);
  }

  /**
   * Returns what the whole list makes of {@code input}.
   *
   * @throws IllegalArgumentException naming the first layer that cannot read its input
   */
  public Shape output(Shape input) {
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.output(shape);
    }
    return shape;
  }

  /** Returns the number of trainable parameters; tied layers count once. */
  public int parameters() {
    return layers.stream().mapToInt(Layer::parameters).sum();
  }

  /** Returns how many of the parameters two separate bodies have in common. */
  public int sharedParameters() {
    return layers.stream().mapToInt(Layer::sharedParameters).sum();
  }

  /** Returns the list in the spec's words, for people. */
  public String text() {
    return layers.stream().map(Layer::text).collect(Collectors.joining(", ", "[", "]"));
  }

  /** Returns the list in frozen words; equal words mean equal lists. */
  String keyWord() {
    return layers.stream().map(Layer::keyWord).collect(Collectors.joining(", ", "[", "]"));
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof LayerList that && Objects.equals(layers, that.layers);
  }

  @Override
  public int hashCode() {
    return layers.hashCode();
  }
}
