package dev.twintail.layer;

/** What flows between two layers, for one image: a vector of features or a stack of channels. */
public sealed interface Shape {
  /** Returns the number of values. */
  int size();

  /** A flat vector of {@code size} features. */
  record Vector(int size) implements Shape {
    @Override
    public String toString() {
      return size + " features";
    }
  }

  /**
   * {@code channels} maps of {@code height}×{@code width}, stored channel by channel, row by row.
   */
  record Image(int channels, int height, int width) implements Shape {
    @Override
    public int size() {
      return channels * height * width;
    }

    @Override
    public String toString() {
      return channels + "×" + height + "×" + width;
    }
  }
}
