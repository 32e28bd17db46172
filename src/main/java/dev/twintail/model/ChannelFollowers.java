package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Any followers. They read as many channels of their rows at a time as stay in the processor's
 * nearest caches. On the way back they compute once more what they gave, so that it need not be
 * kept.
 */
final class ChannelFollowers extends Followers {
  /** Values in a block, if a single channel has not more. */
  private static final int BLOCK = 4096;

  private final Function<Shape.Image, Sequential> compiler;
  private final boolean identity;

  /** By the number of channels that they read at a time. */
  private final Map<Integer, Sequential> chains = new HashMap<>();

  private float[] values = {};
  private float[] gradients = {};

  /**
   * @param out shape of what the layers give
   * @param rows how many rows of {@code in} are read at a time
   * @param compiler returns the layers for an image of that many rows and less channels
   */
  ChannelFollowers(
      Shape.Image in, Shape.Image out, int rows, Function<Shape.Image, Sequential> compiler) {
    super(in, out, rows);
    this.compiler = compiler;
    identity = chain(1).isEmpty();
  }

  private Sequential chain(int channels) {
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

  @Override
  void forward(Values input, int row, float[] y, int n, Mode mode) {
    if (identity) {
      int size = in.channels() * in.width() * n;
      input.get(row * size, y, row * size, size);
      return;
    }
    int channels = channels(n);
    int run = channels * out.width() * n;
    for (int channel = 0; channel < in.channels(); channel += channels) {
      float[] result = compute(input, row, channel, channels, n, mode);
      for (int i = 0; i < rowsOut(); i++) {
        System.arraycopy(result, i * run, y, out(row, i, channel) * n, run);
      }
    }
  }

  private float[] compute(Values input, int row, int channel, int channels, int n, Mode mode) {
    int run = channels * in.width() * n;
    values = large(values, rows * run);
    for (int i = 0; i < rows; i++) {
      input.get(((row + i) * in.channels() + channel) * in.width() * n, values, i * run, run);
    }
    Sequential chain = chain(channels);
    chain.select(channel);
    return chain.forward(values, n, mode);
  }

  @Override
  void backward(
      float[] y, float[] dy, Values input, Values gradient, int row, boolean train, int n) {
    if (identity) {
      int size = in.channels() * in.width() * n;
      gradient.put(row * size, dy, row * size, size);
      return;
    }
    int channels = channels(n);
    int run = channels * in.width() * n;
    int runOut = channels * out.width() * n;
    gradients = large(gradients, rowsOut() * runOut);
    for (int channel = 0; channel < in.channels(); channel += channels) {
      compute(input, row, channel, channels, n, Mode.AGAIN);
      for (int i = 0; i < rowsOut(); i++) {
        System.arraycopy(dy, out(row, i, channel) * n, gradients, i * runOut, runOut);
      }
      float[] dx = chain(channels).backwardInput(gradients, train, n);
      for (int i = 0; i < rows; i++) {
        gradient.put(((row + i) * in.channels() + channel) * in.width() * n, dx, i * run, run);
      }
    }
  }

  private static float[] large(float[] array, int length) {
    return array.length < length ? new float[length] : array;
  }

  @Override
  boolean hasParameters() {
    return chain(1).hasParameters();
  }

  @Override
  public void close() {
    chains.values().forEach(Sequential::close);
  }
}
