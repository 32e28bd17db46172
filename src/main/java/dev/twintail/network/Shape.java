package dev.twintail.network;

/** What flows between two layers, for one image: a vector of features or a stack of channels. */
public sealed interface Shape {
  /** Returns the number of values. */
  int size();

  /** Returns the word in keys, which never changes, such as {@code 1×14×14}. */
  String keyWord();

  /** A flat vector of {@code size} features. */
  record Vector(int size) implements Shape {
    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof Vector that && size == that.size;
    }

    @Override
    public int hashCode() {
      return size;
    }

    @Override
    public String keyWord() {
      return size + " features";
    }

    @Override
    public String toString() {
      return keyWord();
    }
  }

  /**
   * {@code channels} maps of {@code height}×{@code width}, stored channel by channel, row by row.
   */
  record Image(int channels, int height, int width) implements Shape {
    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof Image that
          && channels == that.channels
          && height == that.height
          && width == that.width;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * channels + height) + width;
    }

    @Override
    public int size() {
      return channels * height * width;
    }

    @Override
    public String keyWord() {
      return channels + "×" + height + "×" + width;
    }

    @Override
    public String toString() {
      return keyWord();
    }
  }
}
