package dev.twintail.model.dl4j;

import dev.twintail.network.Layer;
import dev.twintail.network.Shape;

/**
 * What a window of a convolution sees wherever it stands: for each output pixel, row by row, the
 * places of an image that it reads, −1 on the padding. Images have their channels last, windows
 * first, as DL4J's weights do.
 *
 * @param inputs the number of values of an image
 * @param size the number of values that a window sees
 * @param output the shape of the outputs
 * @param table the places, window after window
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Patches(int inputs, int size, Shape.Image output, int[] table) {
  static Patches of(Layer.Conv conv, Shape.Image input) {
    Shape.Image output = (Shape.Image) conv.output(input);
    int size = conv.in() * conv.kernel() * conv.kernel();
    int[] table = new int[output.height() * output.width() * size];
    int i = 0;
    for (int y = 0; y < output.height(); y++) {
      for (int x = 0; x < output.width(); x++) {
        for (int channel = 0; channel < conv.in(); channel++) {
          for (int dy = -conv.padding(); dy < conv.kernel() - conv.padding(); dy++) {
            for (int dx = -conv.padding(); dx < conv.kernel() - conv.padding(); dx++) {
              table[i++] = place(input, channel, y + dy, x + dx);
            }
          }
        }
      }
    }
    return new Patches(input.size(), size, output, table);
  }

  private static int place(Shape.Image image, int channel, int y, int x) {
    boolean inside = y >= 0 && y < image.height() && x >= 0 && x < image.width();
    return inside ? (y * image.width() + x) * image.channels() + channel : -1;
  }

  /** Returns the number of windows on an image. */
  int windows() {
    return output.height() * output.width();
  }
}
