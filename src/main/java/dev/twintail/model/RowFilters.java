package dev.twintail.model;

import java.util.List;

/** Weight and bias of a {@link ConvOp}, whose weights BLAS gets in both orders. */
final class RowFilters extends Filters {
  /** [(kernel, out) × run], the last row of the kernel first. */
  final NativeMatrix byRow;

  /** [out × (kernel, run)]. */
  final NativeMatrix byChannel;

  /**
   * @param weightShape (out, in, k, k)
   */
  RowFilters(LayerName name, List<Integer> weightShape) {
    super(name, weightShape);
    byRow = new NativeMatrix(biases());
    byChannel = new NativeMatrix(biases());
  }

  @Override
  void publish() {
    (narrow ? byChannel : byRow).put(0, values, 0, biases());
    for (int channel = 0; channel < out; channel++) {
      for (int down = 0; down < kernel; down++) {
        if (narrow) {
          byRow.put(atRow(channel, down), values, atChannel(channel, down), run);
        } else {
          byChannel.put(atChannel(channel, down), values, atRow(channel, down), run);
        }
      }
    }
  }

  @Override
  public void close() {
    super.close();
    byRow.close();
    byChannel.close();
  }
}
