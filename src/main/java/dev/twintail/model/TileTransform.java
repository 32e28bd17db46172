package dev.twintail.model;

/** A transform of {@link Winograd} in both directions of many tiles at once. */
final class TileTransform {
  private final Winograd.Transform transform;
  private final int in;
  private final int out;

  /** One row or column of the tiles. */
  private final float[][] from;

  private final float[][] to;

  /** [out × in]. */
  private final float[][][] between;

  /** Reads or writes the value at one place of all tiles, places counted row by row. */
  @FunctionalInterface
  interface Plane {
    void move(int place, float[] values);
  }

  /**
   * @param in values that the transform reads
   * @param out values that it gives
   * @param tiles the most at once
   */
  TileTransform(Winograd.Transform transform, int in, int out, int tiles) {
    this.transform = transform;
    this.in = in;
    this.out = out;
    from = new float[in][tiles];
    to = new float[out][tiles];
    between = new float[out][in][tiles];
  }

  /** Transforms what {@code reader} gives, place by place, and hands it to {@code writer}. */
  void apply(int tiles, Plane reader, Plane writer) {
    float[][] row = new float[out][];
    for (int i = 0; i < in; i++) {
      for (int j = 0; j < in; j++) {
        reader.move(i * in + j, from[j]);
      }
      for (int j = 0; j < out; j++) {
        row[j] = between[j][i];
      }
      transform.apply(from, row, tiles);
    }
    for (int j = 0; j < out; j++) {
      transform.apply(between[j], to, tiles);
      for (int i = 0; i < out; i++) {
        writer.move(i * out + j, to[i]);
      }
    }
  }
}
