package dev.twintail.layer;

/** A layer cannot read what the layer before it produces. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private final int index;

  ShapeException(int index, String message) {
    super(message);
    this.index = index;
  }

  /** Returns the position of the layer in its list, from 0. */
  public int index() {
    return index;
  }
}
