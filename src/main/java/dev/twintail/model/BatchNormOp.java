package dev.twintail.model;

import dev.twintail.layer.Shape;
import org.jspecify.annotations.Nullable;

/**
 * {@code batch-norm}: (x − mean)/√(variance + ε)·scale + shift for each channel. In learning, mean
 * and variance are the batch's, the first images' before the second ones' where each has its own;
 * in evaluation, the running ones. Sums are taken in double precision, in one fixed order.
 */
final class BatchNormOp extends Op {
  private static final double EPSILON = 1e-5;

  private final Normalisation parameter;
  private final int height;
  private final int width;
  private final int passes;

  // Of the last forward pass, [passes × channels].
  private final double[] means;
  private final double[] inverses;
  private boolean learning;

  /**
   * @param passes 2 if first and second images are normalised by themselves, else 1
   */
  BatchNormOp(Normalisation parameter, Shape shape, int passes) {
    super(shape.size(), shape.size());
    this.parameter = parameter;
    this.passes = passes;
    height = shape instanceof Shape.Image image ? image.height() : 1;
    width = shape instanceof Shape.Image image ? image.width() : 1;
    means = new double[passes * parameter.channels];
    inverses = new double[passes * parameter.channels];
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    learning = mode instanceof Mode.Learning;
    int count = height * width * (n / passes);
    if (learning && count < 2) {
      throw new IllegalArgumentException(
          "Cannot normalise '"
              + parameter.name
              + "' by a batch with one value per channel: choose a batch size that leaves no"
              + " single pair at the end of an epoch");
    }
    for (int pass = 0; pass < passes; pass++) {
      for (int channel = 0; channel < parameter.channels; channel++) {
        double mean = parameter.runningMean(channel);
        double variance = parameter.runningVariance(channel);
        if (learning) {
          mean = sum(x, channel, pass, n) / count;
          variance = squares(x, channel, pass, n, mean) / count;
          parameter.observe(channel, mean, variance, count);
        }
        double inverse = 1 / Math.sqrt(variance + EPSILON);
        means[pass * parameter.channels + channel] = mean;
        inverses[pass * parameter.channels + channel] = inverse;
        float factor = (float) (inverse * parameter.scale(channel));
        float centre = (float) mean;
        float shift = parameter.shift(channel);
        for (int i = 0; i < runs(); i++) {
          int from = start(i, channel, pass, n);
          scale(x, y, centre, factor, shift, from, from + length(n));
        }
      }
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    int count = height * width * (n / passes);
    if (train) {
      parameter.openGradient();
    }
    for (int pass = 0; pass < passes; pass++) {
      for (int channel = 0; channel < parameter.channels; channel++) {
        double mean = means[pass * parameter.channels + channel];
        double inverse = inverses[pass * parameter.channels + channel];
        double shift = 0;
        double scale = 0;
        if (train || learning) {
          shift = sum(dy, channel, pass, n);
          scale = inverse * dot(dy, x, channel, pass, n, mean);
        }
        if (train) {
          parameter.addGradient(channel, scale, shift);
        }
        if (dx != null) {
          // What the batch's mean and variance, which depend on every x, take away again.
          float level = learning ? (float) (shift / count) : 0;
          float slope = learning ? (float) (scale * inverse / count) : 0;
          float factor = (float) (inverse * parameter.scale(channel));
          float centre = (float) mean;
          for (int i = 0; i < runs(); i++) {
            int from = start(i, channel, pass, n);
            unscale(x, dy, dx, centre, factor, level, slope, from, from + length(n));
          }
        }
      }
    }
  }

  private static void scale(
      float[] x, float[] y, float centre, float factor, float shift, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (x[i] - centre) * factor + shift;
    }
  }

  private static void unscale(
      float[] x,
      float[] dy,
      float[] dx,
      float centre,
      float factor,
      float level,
      float slope,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      dx[i] = factor * (dy[i] - level - slope * (x[i] - centre));
    }
  }

  /** Returns the number of stretches of memory that hold a channel's values of one pass. */
  private int runs() {
    return passes == 1 ? height : height * width;
  }

  private int length(int n) {
    return passes == 1 ? width * n : n / passes;
  }

  private int start(int run, int channel, int pass, int n) {
    if (passes == 1) {
      return (run * parameter.channels + channel) * width * n;
    }
    int row = run / width;
    int column = run % width;
    return ((row * parameter.channels + channel) * width + column) * n + pass * (n / passes);
  }

  // Four sums side by side in each, as the processor can add to all of them at once; the JIT
  // compiler may not reorder a sum by itself.

  private double sum(float[] x, int channel, int pass, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int run = 0; run < runs(); run++) {
      int from = start(run, channel, pass, n);
      int end = from + length(n);
      int whole = end - (end - from) % 4;
      for (int i = from; i < whole; i += 4) {
        a += x[i];
        b += x[i + 1];
        c += x[i + 2];
        d += x[i + 3];
      }
      for (int i = whole; i < end; i++) {
        a += x[i];
      }
    }
    return (a + b) + (c + d);
  }

  private double squares(float[] x, int channel, int pass, int n, double mean) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int run = 0; run < runs(); run++) {
      int from = start(run, channel, pass, n);
      int end = from + length(n);
      int whole = end - (end - from) % 4;
      for (int i = from; i < whole; i += 4) {
        a += (x[i] - mean) * (x[i] - mean);
        b += (x[i + 1] - mean) * (x[i + 1] - mean);
        c += (x[i + 2] - mean) * (x[i + 2] - mean);
        d += (x[i + 3] - mean) * (x[i + 3] - mean);
      }
      for (int i = whole; i < end; i++) {
        a += (x[i] - mean) * (x[i] - mean);
      }
    }
    return (a + b) + (c + d);
  }

  private double dot(float[] dy, float[] x, int channel, int pass, int n, double mean) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int run = 0; run < runs(); run++) {
      int from = start(run, channel, pass, n);
      int end = from + length(n);
      int whole = end - (end - from) % 4;
      for (int i = from; i < whole; i += 4) {
        a += dy[i] * (x[i] - mean);
        b += dy[i + 1] * (x[i + 1] - mean);
        c += dy[i + 2] * (x[i + 2] - mean);
        d += dy[i + 3] * (x[i + 3] - mean);
      }
      for (int i = whole; i < end; i++) {
        a += dy[i] * (x[i] - mean);
      }
    }
    return (a + b) + (c + d);
  }

  @Override
  boolean hasParameters() {
    return true;
  }
}
