package dev.twintail.model;

import dev.twintail.network.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code batch-norm}: (x − mean)/√(variance + ε)·scale + shift for each channel. In learning, mean
 * and variance are the batch's, the first images' before the second ones' where each has its own;
 * in evaluation, the running ones. Sums are taken in one fixed order: down the rows in single
 * precision, each pixel and image of a row by itself, and then along the row in double.
 */
final class BatchNormOp extends Op {
  private static final double EPSILON = 1e-5;

  private final Normalisation parameter;
  private final int channels;
  private final int height;
  private final int width;
  private final int passes;

  // Of one row and channel, [columns × n].
  private final float[] values;
  private final float[] gradients;
  private final float[] lanes;
  private final float[] products;
  private final float[] centre;
  private final float[] factor;
  private final float[] level;
  private final float[] slope;

  // Of the last forward pass, [passes × channels].
  private final float[] means;
  private final double[] inverses;
  private boolean learning;

  // By pass.
  private final double[] sums;
  private final double[] otherSums;

  /** The first channel that is read. */
  private int selected;

  /**
   * @param shape of all channels, or of some that are read at a time
   * @param passes 2 if first and second images are normalised by themselves, else 1
   */
  BatchNormOp(Normalisation parameter, Shape shape, int passes, int maxImages) {
    super(shape.size(), shape.size());
    this.parameter = parameter;
    this.passes = passes;
    channels = shape instanceof Shape.Image image ? image.channels() : parameter.channels;
    height = shape instanceof Shape.Image image ? image.height() : 1;
    width = shape instanceof Shape.Image image ? image.width() : 1;
    int run = width * maxImages;
    values = new float[run];
    gradients = new float[run];
    lanes = new float[run];
    products = new float[run];
    centre = new float[run];
    factor = new float[run];
    level = new float[run];
    slope = new float[run];
    means = new float[passes * parameter.channels];
    inverses = new double[passes * parameter.channels];
    sums = new double[passes];
    otherSums = new double[passes];
  }

  @Override
  void forward(float[] x, float[] y, int n, Mode mode) {
    boolean again = mode instanceof Mode.Again;
    learning = again ? learning : mode instanceof Mode.LearningMode;
    int count = height * width * (n / passes);
    if (learning && count < 2) {
      throw new IllegalArgumentException(
          "Cannot normalise '"
              + parameter.name
              + "' by a batch with one value per channel: choose a batch size that leaves no"
              + " single pair at the end of an epoch");
    }
    int run = width * n;
    for (int channel = 0; channel < channels; channel++) {
      if (again) {
        recall(channel, n);
      } else {
        normalise(x, channel, n);
      }
      float shift = parameter.shift(selected + channel);
      for (int row = 0; row < height; row++) {
        int at = start(row, channel, n);
        System.arraycopy(x, at, values, 0, run);
        scale(values, centre, factor, shift, run);
        System.arraycopy(values, 0, y, at, run);
      }
    }
  }

  /** Takes mean and variance of a channel from the batch, or those that evaluate. */
  private void normalise(float[] x, int channel, int n) {
    int count = height * width * (n / passes);
    int run = width * n;
    if (learning) {
      Arrays.fill(lanes, 0, run, 0);
      for (int row = 0; row < height; row++) {
        System.arraycopy(x, start(row, channel, n), values, 0, run);
        add(values, lanes, run);
      }
      sum(lanes, lanes, n);
      for (int pass = 0; pass < passes; pass++) {
        fill(centre, pass, n, (float) (sums[pass] / count));
      }
      Arrays.fill(lanes, 0, run, 0);
      for (int row = 0; row < height; row++) {
        System.arraycopy(x, start(row, channel, n), values, 0, run);
        addSquares(values, centre, lanes, run);
      }
      sum(lanes, lanes, n);
    }
    for (int pass = 0; pass < passes; pass++) {
      float mean =
          learning ? centre[pass * (n / passes)] : parameter.runningMean(selected + channel);
      double variance =
          learning ? sums[pass] / count : parameter.runningVariance(selected + channel);
      if (learning) {
        parameter.observe(selected + channel, mean, variance, count);
      }
      means[remembered(pass, channel)] = mean;
      inverses[remembered(pass, channel)] = 1 / Math.sqrt(variance + EPSILON);
    }
    recall(channel, n);
  }

  /** Returns where mean and variance of a channel are remembered. */
  private int remembered(int pass, int channel) {
    return pass * parameter.channels + selected + channel;
  }

  private void recall(int channel, int n) {
    for (int pass = 0; pass < passes; pass++) {
      fill(centre, pass, n, means[remembered(pass, channel)]);
      double inverse = inverses[remembered(pass, channel)];
      fill(factor, pass, n, (float) (inverse * parameter.scale(selected + channel)));
    }
  }

  @Override
  void backward(float[] x, float[] y, float[] dy, float @Nullable [] dx, boolean train, int n) {
    int count = height * width * (n / passes);
    int run = width * n;
    if (train) {
      parameter.openGradient();
    }
    for (int channel = 0; channel < channels; channel++) {
      double[] scales = new double[passes];
      double[] shifts = new double[passes];
      for (int pass = 0; pass < passes; pass++) {
        fill(centre, pass, n, means[remembered(pass, channel)]);
      }
      if (train || learning) {
        Arrays.fill(lanes, 0, run, 0);
        Arrays.fill(products, 0, run, 0);
        for (int row = 0; row < height; row++) {
          int at = start(row, channel, n);
          System.arraycopy(dy, at, gradients, 0, run);
          System.arraycopy(x, at, values, 0, run);
          add(gradients, lanes, run);
          addProducts(gradients, values, centre, products, run);
        }
        sum(lanes, products, n);
        for (int pass = 0; pass < passes; pass++) {
          shifts[pass] = sums[pass];
          scales[pass] = inverses[remembered(pass, channel)] * otherSums[pass];
          if (train) {
            parameter.addGradient(selected + channel, scales[pass], shifts[pass]);
          }
        }
      }
      if (dx == null) {
        continue;
      }
      for (int pass = 0; pass < passes; pass++) {
        double inverse = inverses[remembered(pass, channel)];
        // What the batch's mean and variance, which depend on every x, take away again.
        fill(level, pass, n, learning ? (float) (shifts[pass] / count) : 0);
        fill(slope, pass, n, learning ? (float) (scales[pass] * inverse / count) : 0);
        fill(factor, pass, n, (float) (inverse * parameter.scale(selected + channel)));
      }
      for (int row = 0; row < height; row++) {
        int at = start(row, channel, n);
        System.arraycopy(dy, at, gradients, 0, run);
        System.arraycopy(x, at, values, 0, run);
        unscale(values, gradients, run);
        System.arraycopy(gradients, 0, dx, at, run);
      }
    }
  }

  /** Returns where a row of a channel begins. */
  private int start(int row, int channel, int n) {
    return (row * channels + channel) * width * n;
  }

  /** Fills the columns of a pass in all pixels of a row. */
  private void fill(float[] array, int pass, int n, float value) {
    int length = n / passes;
    for (int pixel = 0; pixel < width; pixel++) {
      int from = pixel * n + pass * length;
      Arrays.fill(array, from, from + length, value);
    }
  }

  /**
   * Sums the columns of each pass in all pixels of a row: of {@code a} into {@link #sums}, of
   * {@code b} into {@link #otherSums}. An addition waits for the one before it; so four sums go
   * side by side, and where there is but one pass or array some are the same.
   */
  private void sum(float[] a, float[] b, int n) {
    int length = n / passes;
    int second = n - length;
    double a1 = 0;
    double a2 = 0;
    double b1 = 0;
    double b2 = 0;
    for (int pixel = 0; pixel < width; pixel++) {
      int from = pixel * n;
      for (int i = from; i < from + length; i++) {
        a1 += a[i];
        a2 += a[i + second];
        b1 += b[i];
        b2 += b[i + second];
      }
    }
    sums[0] = a1;
    sums[passes - 1] = a2;
    otherSums[0] = b1;
    otherSums[passes - 1] = b2;
  }

  private static void add(float[] values, float[] lanes, int run) {
    for (int i = 0; i < run; i++) {
      lanes[i] += values[i];
    }
  }

  private static void addSquares(float[] values, float[] centre, float[] lanes, int run) {
    for (int i = 0; i < run; i++) {
      lanes[i] += (values[i] - centre[i]) * (values[i] - centre[i]);
    }
  }

  private static void addProducts(
      float[] gradients, float[] values, float[] centre, float[] lanes, int run) {
    for (int i = 0; i < run; i++) {
      lanes[i] += gradients[i] * (values[i] - centre[i]);
    }
  }

  private static void scale(float[] values, float[] centre, float[] factor, float shift, int run) {
    for (int i = 0; i < run; i++) {
      values[i] = (values[i] - centre[i]) * factor[i] + shift;
    }
  }

  private void unscale(float[] x, float[] dy, int run) {
    float[] centres = centre;
    float[] factors = factor;
    float[] levels = level;
    float[] slopes = slope;
    for (int i = 0; i < run; i++) {
      dy[i] = factors[i] * (dy[i] - levels[i] - slopes[i] * (x[i] - centres[i]));
    }
  }

  @Override
  void select(int channel) {
    selected = channel;
  }

  @Override
  boolean hasParameters() {
    return true;
  }
}
