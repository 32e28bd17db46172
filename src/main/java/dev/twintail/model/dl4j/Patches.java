package dev.twintail.model.dl4j;

import dev.twintail.network.Layer;
import dev.twintail.network.Shape;

/**
 * What a window of a convolution sees wherever it stands: for each output pixel, row by row, the
 * places of an image that it reads, −1 on the padding. Images have their channels last, windows
 * first, as DL4J's weights do.
 */
final class Patches {
  private final int inputs;
  private final int size;
  private final Shape.Image output;
  private final int[] table;

  Patches(Layer.Conv conv, Shape.Image input) {
    this.inputs = input.size();
    this.size = conv.in() * conv.kernel() * conv.kernel();
    this.output = (Shape.Image) conv.output(input);
    this.table = new int[output.height() * output.width() * size];
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
  }

  private static int place(Shape.Image image, int channel, int y, int x) {
    boolean inside = y >= 0 && y < image.height() && x >= 0 && x < image.width();
    return inside ? (y * image.width() + x) * image.channels() + channel : -1;
  }

  /** Returns the number of values of an image. */
  int inputs() {
    return inputs;
  }

  /** Returns the number of values that a window sees. */
  int size() {
    return size;
  }

  /** Returns the shape of the outputs. */
  Shape.Image output() {
    return output;
  }

  /** Returns the number of windows on an image. */
  int windows() {
    return output.height() * output.width();
  }

  /** Returns the places, window after window. */
  int[] table() {
    return table;
  }
}
