package dev.twintail.model;

import java.util.List;

/** Weight and bias of a {@link WinogradOp}, whose weights BLAS gets as they are at each point. */
final class WinogradFilters extends Filters {
  /** Weights that are transformed at once, if an output channel has not more. */
  private static final int BLOCK = 256;

  private static final int POINTS = Winograd.POINTS * Winograd.POINTS;

  /** [points × (out × in)]. */
  final NativeMatrix points;

  private final int channels;
  private final TileTransform transform;

  WinogradFilters(LayerName name, int out, int in) {
    super(name, List.of(out, in, Winograd.KERNEL, Winograd.KERNEL));
    points = new NativeMatrix(POINTS * out * in);
    channels = Math.max(1, BLOCK / in);
    transform =
        new TileTransform(Winograd::kernel, Winograd.KERNEL, Winograd.POINTS, channels * in);
  }

  @Override
  void publish() {
    for (int channel = 0; channel < out; channel += channels) {
      int from = channel;
      int to = Math.min(out, from + channels);
      int length = (to - from) * in;
      transform.apply(
          length,
          (place, weights) -> read(place, from, to, weights),
          (point, weights) -> points.put((point * out + from) * in, weights, 0, length));
    }
  }

  /** Gathers the weights of some output channels at one place of the kernel. */
  private void read(int place, int from, int to, float[] weights) {
    int right = place % kernel * in;
    for (int channel = from; channel < to; channel++) {
      int at = at(channel, place / kernel) + right;
      System.arraycopy(values, at, weights, (channel - from) * in, in);
    }
  }

  @Override
  public void close() {
    super.close();
    points.close();
  }
}
