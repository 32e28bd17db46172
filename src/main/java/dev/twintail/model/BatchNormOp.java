package dev.twintail.model;

import org.jspecify.annotations.Nullable;

/**
 * {@code batch-norm}: (x − mean)/√(variance + ε)·scale + shift for each channel. In learning, mean
 * and variance are the batch's, the first images' before the second ones' where each has its own;
 * in evaluation, the running ones. Sums are taken in double precision, in one fixed order.
 */
final class BatchNormOp extends Op {
  private static final double EPSILON = 1e-5;

  private final Normalisation parameter;
  private final int pixels;
  private final int passes;

  // Of the last forward pass, [passes × channels].
  private final double[] means;
  private final double[] inverses;
  private boolean learning;

  /**
   * @param pixels values per channel and image
   * @param passes 2 if first and second images are normalised by themselves, else 1
   */
  BatchNormOp(Normalisation parameter, int pixels, int passes) {
    super(parameter.channels * pixels, parameter.channels * pixels);
    this.parameter = parameter;
    this.pixels = pixels;
    this.passes = passes;
    means = new double[passes * parameter.channels];
    inverses = new double[passes * parameter.channels];
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    learning = mode instanceof Mode.Learning;
    int run = n / passes;
    int count = pixels * run;
    if (learning && count < 2) {
      throw new IllegalArgumentException(
          "Cannot normalise '"
              + parameter.name
              + "' by a batch with one value per channel: choose a batch size that leaves no"
              + " single pair at the end of an epoch");
    }
    for (int pass = 0; pass < passes; pass++) {
      for (int channel = 0; channel < parameter.channels; channel++) {
        int first = channel * pixels * n + pass * run;
        double mean = parameter.runningMean(channel);
        double variance = parameter.runningVariance(channel);
        if (learning) {
          mean = mean(x, first, run, n);
          variance = variance(x, first, run, n, mean);
          parameter.observe(channel, mean, variance, count);
        }
        double inverse = 1 / Math.sqrt(variance + EPSILON);
        means[pass * parameter.channels + channel] = mean;
        inverses[pass * parameter.channels + channel] = inverse;
        float factor = (float) (inverse * parameter.scale(channel));
        float centre = (float) mean;
        float shift = parameter.shift(channel);
        if (passes == 1) {
          scale(x, y, centre, factor, shift, first, first + count);
        } else {
          for (int pixel = 0; pixel < pixels; pixel++) {
            int from = first + pixel * n;
            scale(x, y, centre, factor, shift, from, from + run);
          }
        }
      }
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    int run = n / passes;
    int count = pixels * run;
    if (train) {
      parameter.openGradient();
    }
    for (int pass = 0; pass < passes; pass++) {
      for (int channel = 0; channel < parameter.channels; channel++) {
        int first = channel * pixels * n + pass * run;
        double mean = means[pass * parameter.channels + channel];
        double inverse = inverses[pass * parameter.channels + channel];
        double shift = 0;
        double scale = 0;
        if (train || learning) {
          shift = sum(dy, first, run, n);
          scale = inverse * dot(dy, x, first, run, n, mean);
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
          if (passes == 1) {
            unscale(x, dy, dx, centre, factor, level, slope, first, first + count);
          } else {
            for (int pixel = 0; pixel < pixels; pixel++) {
              int from = first + pixel * n;
              unscale(x, dy, dx, centre, factor, level, slope, from, from + run);
            }
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

  private double mean(float[] x, int first, int run, int n) {
    return sum(x, first, run, n) / (pixels * run);
  }

  // Four sums side by side in each, as the processor can add to all of them at once; the JIT
  // compiler may not reorder a sum by itself. A run is one pixel of all images of a pass.

  private double sum(float[] x, int first, int run, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      int from = first + pixel * n;
      int whole = from + run / 4 * 4;
      for (int i = from; i < whole; i += 4) {
        a += x[i];
        b += x[i + 1];
        c += x[i + 2];
        d += x[i + 3];
      }
      for (int i = whole; i < from + run; i++) {
        a += x[i];
      }
    }
    return (a + b) + (c + d);
  }

  private double variance(float[] x, int first, int run, int n, double mean) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      int from = first + pixel * n;
      int whole = from + run / 4 * 4;
      for (int i = from; i < whole; i += 4) {
        a += (x[i] - mean) * (x[i] - mean);
        b += (x[i + 1] - mean) * (x[i + 1] - mean);
        c += (x[i + 2] - mean) * (x[i + 2] - mean);
        d += (x[i + 3] - mean) * (x[i + 3] - mean);
      }
      for (int i = whole; i < from + run; i++) {
        a += (x[i] - mean) * (x[i] - mean);
      }
    }
    return ((a + b) + (c + d)) / (pixels * run);
  }

  private double dot(float[] dy, float[] x, int first, int run, int n, double mean) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      int from = first + pixel * n;
      int whole = from + run / 4 * 4;
      for (int i = from; i < whole; i += 4) {
        a += dy[i] * (x[i] - mean);
        b += dy[i + 1] * (x[i + 1] - mean);
        c += dy[i + 2] * (x[i + 2] - mean);
        d += dy[i + 3] * (x[i + 3] - mean);
      }
      for (int i = whole; i < from + run; i++) {
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
