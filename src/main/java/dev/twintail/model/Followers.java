package dev.twintail.model;

import dev.twintail.layer.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Layers that need only a few rows of a convolution to give one of their own: activations and
 * pooling. They read as many channels of these rows at a time as stay in the processor's nearest
 * cache. On the way back they compute once more what they gave, so that it need not be kept.
 */
final class Followers implements AutoCloseable {
  /** Values in a block, if a single channel has not more. */
  private static final int BLOCK = 4096;

  private final Shape.Image in;
  private final int rows;
  private final Function<Shape, Chain> compiler;
  private final int outputs;

  /** By the number of channels that they read at a time. */
  private final Map<Integer, Chain> chains = new HashMap<>();

  private float[] values = {};
  private float[] gradients = {};

  /**
   * @param in shape of the convolution
   * @param rows how many rows of it the layers need for one of theirs
   * @param compiler returns the layers for an image of that many rows
   */
  Followers(Shape.Image in, int rows, Function<Shape, Chain> compiler) {
    this.in = in;
    this.rows = rows;
    this.compiler = compiler;
    outputs = in.height() / rows * in.channels() * chain(1).outputs(rows * in.width());
  }

  /** Returns the number of values per image that come out. */
  int outputs() {
    return outputs;
  }

  /** Returns the number of rows that are read at a time. */
  int rows() {
    return rows;
  }

  private Chain chain(int channels) {
    return chains.computeIfAbsent(
        channels, c -> compiler.apply(new Shape.Image(c, rows, in.width())));
  }

  /** Returns how many channels are read at a time: always the same number. */
  private int channels(int n) {
    int most = Math.max(1, BLOCK / (rows * in.width() * n));
    int channels = Math.min(most, in.channels());
    while (in.channels() % channels > 0) {
      channels--;
    }
    return channels;
  }

  /** Computes the output's row that the rows of the convolution from {@code row} on give. */
  void forward(NativeMatrix convolution, int row, float[] y, int n) {
    int channels = channels(n);
    Chain chain = chain(channels);
    int length = channels * outputs / in.channels() / (in.height() / rows) * n;
    for (int channel = 0; channel < in.channels(); channel += channels) {
      float[] result = forward(convolution, row, channel, channels, chain, n);
      int block = row / rows * (in.channels() / channels) + channel / channels;
      System.arraycopy(result, 0, y, block * length, length);
    }
  }

  private float[] forward(
      NativeMatrix convolution, int row, int channel, int channels, Chain chain, int n) {
    int run = in.width() * n;
    values = large(values, rows * channels * run);
    for (int i = 0; i < rows; i++) {
      int from = ((row + i) * in.channels() + channel) * run;
      convolution.get(from, values, i * channels * run, channels * run);
    }
    return chain.forward(values, n, Mode.EVALUATION);
  }

  /** Puts the gradient of the rows from {@code row} on in the place of their values. */
  void backward(float[] dy, NativeMatrix convolution, int row, int n) {
    int channels = channels(n);
    Chain chain = chain(channels);
    int length = channels * outputs / in.channels() / (in.height() / rows) * n;
    int run = in.width() * n;
    gradients = large(gradients, length);
    for (int channel = 0; channel < in.channels(); channel += channels) {
      forward(convolution, row, channel, channels, chain, n);
      int block = row / rows * (in.channels() / channels) + channel / channels;
      System.arraycopy(dy, block * length, gradients, 0, length);
      float[] dx = chain.backwardInput(gradients, n);
      for (int i = 0; i < rows; i++) {
        int to = ((row + i) * in.channels() + channel) * run;
        convolution.put(to, dx, i * channels * run, channels * run);
      }
    }
  }

  private static float[] large(float[] array, int length) {
    return array.length < length ? new float[length] : array;
  }

  @Override
  public void close() {
    chains.values().forEach(Chain::close);
  }
}
