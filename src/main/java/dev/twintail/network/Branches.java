package dev.twintail.network;

/** Whose weights read which image. */
public enum Branches implements FrozenWord {
  /** One set of weights reads both images. */
  SHARED("SHARED"),
  /** Each image has weights of its own, but for {@link Layer.Shared} layers. */
  SEPARATE("SEPARATE"),
  /** One network reads both images at once: the channels of the first, then of the second. */
  MERGED("MERGED");

  private final String keyWord;

  Branches(String keyWord) {
    this.keyWord = keyWord;
  }

  @Override
  public String keyWord() {
    return keyWord;
  }

  /** Returns the number of trainable parameters of such branches of these layers. */
  int parameters(LayerList layers) {
    int own = layers.parameters();
    return this == SEPARATE ? 2 * own - layers.sharedParameters() : own;
  }
}
