package dev.twintail.model.dl4j;

import dev.twintail.network.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The two orders of a batch of images: channel by channel as in {@link Shape}, and pixel by pixel
 * (NHWC), in which layers compute. Vectors are the same in both.
 */
final class Images {
  private Images() {}

  /**
   * Returns a batch pixel by pixel.
   *
   * @param values {@code n} rows, channel by channel
   * @param shape of a row
   */
  static INDArray channelsLast(INDArray values, long n, Shape shape) {
    if (!(shape instanceof Shape.Image image)) {
      return values.reshape('c', n, shape.size());
    }
    INDArray images = values.reshape('c', n, image.channels(), image.height(), image.width());
    return image.channels() == 1
        ? images.reshape('c', n, image.height(), image.width(), 1)
        : images.permute(0, 2, 3, 1).dup('c');
  }

  /** Returns a batch channel by channel. */
  static INDArray channelsFirst(INDArray batch) {
    return batch.rank() == 4 && batch.size(3) > 1 ? batch.permute(0, 3, 1, 2).dup('c') : batch;
  }
}
