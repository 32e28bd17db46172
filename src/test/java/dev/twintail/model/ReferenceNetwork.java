package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Branches;
import dev.twintail.network.DigitHead;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The same networks and losses computed once more in the plainest way: double precision, layer by
 * layer over the images of the batch, loops over indices. Shares no code with the engine.
 */
final class ReferenceNetwork {
  private final SiameseNetwork network;
  private final Set<Trainer.NetworkPart> frozen;
  private final Map<String, double[]> weights = new HashMap<>();
  private final @Nullable Seed dropout;

  /** The running statistics after the last loss, by name. */
  private Map<String, double[]> running = new HashMap<>();

  private @Nullable Draws draws;

  /** Computes in evaluation mode. */
  ReferenceNetwork(SiameseNetwork network, Weights initial) {
    this(network, initial, Set.of(), null);
  }

  /** Computes in training mode, except for what is frozen. */
  ReferenceNetwork(
      SiameseNetwork network,
      Weights initial,
      Set<Trainer.NetworkPart> frozen,
      @Nullable Seed dropout) {
    this.network = network;
    this.frozen = frozen;
    this.dropout = dropout;
    for (Tensor tensor : initial.tensors()) {
      double[] values = new double[tensor.values().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.values()[i];
      }
      weights.put(tensor.name(), values);
    }
  }

  double[] tensor(String name) {
    return weights.get(name);
  }

  /** Returns the running statistics after the last loss; only of tensors that it read. */
  Map<String, double[]> running() {
    return running;
  }

  /** Returns target·L + digit·(CE(d1) + CE(d2))/2, mean over all pairs. */
  double loss(Examples examples, Loss loss) {
    draws = dropout == null ? null : new Draws(dropout);
    running = new HashMap<>();
    int n = examples.size();
    double[][] images = new double[2 * n][];
    for (int i = 0; i < n; i++) {
      images[i] = image(examples, 2 * i);
      images[n + i] = image(examples, 2 * i + 1);
    }
    double[][] outputs = bodies(images);
    double[][] digits = digits(outputs);
    double[][] tails = network.head().hasTail() ? tail(outputs) : new double[n][];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      int target = examples.targets()[i];
      if (loss.target() != 0) {
        double l;
        if (network.head() == Head.SOFT_ARITHMETIC) {
          double yes = atMost(softmax(digits[i]), softmax(digits[n + i]));
          l = -Math.log(target == 1 ? yes : 1 - yes);
        } else if (tails[i].length == 1) {
          double yes = 1 / (1 + Math.exp(-tails[i][0]));
          l = -(target * Math.log(yes) + (1 - target) * Math.log(1 - yes));
        } else {
          l = crossEntropy(tails[i], target);
        }
        sum += loss.target() * l;
      }
      if (loss.digit() != 0) {
        for (int image = 0; image < 2; image++) {
          double[] z = digits[image * n + i];
          double[] read = loss.digitLosses() == Loss.DigitLosses.DOUBLE_SOFTMAX ? softmax(z) : z;
          sum += loss.digit() / 2 * crossEntropy(read, examples.digits()[2 * i + image]);
        }
      }
    }
    return sum / n;
  }

  private static double atMost(double[] first, double[] second) {
    double yes = 0;
    for (int i = 0; i < first.length; i++) {
      for (int j = i; j < second.length; j++) {
        yes += first[i] * second[j];
      }
    }
    return yes;
  }

  /** Returns the central difference of the loss for one weight. */
  double derivative(Examples examples, Loss loss, String tensor, int index) {
    double[] values = weights.get(tensor);
    double h = 1e-6;
    double at = values[index];
    values[index] = at + h;
    double above = loss(examples, loss);
    values[index] = at - h;
    double below = loss(examples, loss);
    values[index] = at;
    return (above - below) / (2 * h);
  }

  /** Returns the output of each image, or of each pair if merged. */
  private double[][] bodies(double[][] images) {
    int n = images.length / 2;
    boolean learns = dropout != null && !frozen.contains(Trainer.NetworkPart.BODY);
    Shape input = network.input();
    if (network.branches() == Branches.SHARED) {
      return apply("body", network.body(), images, input, new Pass(learns, 2));
    }
    double[][] first = Arrays.copyOfRange(images, 0, n);
    double[][] second = Arrays.copyOfRange(images, n, 2 * n);
    if (network.branches() == Branches.MERGED) {
      Shape.Image one = (Shape.Image) input;
      Shape two = new Shape.Image(2 * one.channels(), one.height(), one.width());
      return apply("body", network.body(), join(first, second), two, new Pass(learns, 1));
    }
    return stack(
        apply("body1", network.body(), first, input, new Pass(learns, 1)),
        apply("body2", network.body(), second, input, new Pass(learns, 1)));
  }

  private double[][] digits(double[][] outputs) {
    if (network.digitHead().isEmpty()) {
      return outputs;
    }
    DigitHead head = network.digitHead().get();
    Shape input = network.body().output(network.input());
    boolean learns = dropout != null;
    if (head.branches() == Branches.SHARED) {
      return apply("digits", head.layers(), outputs, input, new Pass(learns, 2));
    }
    int n = outputs.length / 2;
    double[][] first = Arrays.copyOfRange(outputs, 0, n);
    double[][] second = Arrays.copyOfRange(outputs, n, 2 * n);
    return stack(
        apply("digits1", head.layers(), first, input, new Pass(learns, 1)),
        apply("digits2", head.layers(), second, input, new Pass(learns, 1)));
  }

  private double[][] tail(double[][] outputs) {
    double[][] read = new double[outputs.length][];
    for (int i = 0; i < read.length; i++) {
      read[i] = head(outputs[i]);
    }
    if (network.branches() != Branches.MERGED) {
      int n = read.length / 2;
      read = join(Arrays.copyOfRange(read, 0, n), Arrays.copyOfRange(read, n, 2 * n));
    }
    boolean learns = dropout != null && !frozen.contains(Trainer.NetworkPart.TAIL);
    return apply(
        "tail", network.tail(), read, new Shape.Vector(read[0].length), new Pass(learns, 1));
  }

  private static double[][] join(double[][] first, double[][] second) {
    double[][] joined = new double[first.length][];
    for (int i = 0; i < joined.length; i++) {
      joined[i] = Arrays.copyOf(first[i], first[i].length + second[i].length);
      System.arraycopy(second[i], 0, joined[i], first[i].length, second[i].length);
    }
    return joined;
  }

  private static double[][] stack(double[][] first, double[][] second) {
    double[][] stacked = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, stacked, first.length, second.length);
    return stacked;
  }

  private double[] head(double[] outputs) {
    return switch (network.head()) {
      case SOFTMAX -> softmax(outputs);
      case ARGMAX -> {
        double[] oneHot = new double[outputs.length];
        int best = 0;
        for (int i = 1; i < outputs.length; i++) {
          best = outputs[i] > outputs[best] ? i : best;
        }
        oneHot[best] = 1;
        yield oneHot;
      }
      default -> outputs;
    };
  }

  static double[] image(Examples examples, int row) {
    double[] image = new double[examples.features()];
    for (int i = 0; i < image.length; i++) {
      image[i] = examples.images()[row * image.length + i];
    }
    return image;
  }

  /**
   * How layers are passed.
   *
   * @param learns whether values are dropped and normalised by the batch
   * @param images how many equal parts of the batch pass a batch-norm EACH_IMAGE one by one
   */
  private record Pass(boolean learns, int images) {}

  private double[][] apply(String name, LayerList list, double[][] x, Shape shape, Pass pass) {
    return apply(name, list.layers(), x, shape, pass);
  }

  private double[][] apply(String name, List<Layer> layers, double[][] x, Shape shape, Pass pass) {
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      x = apply(name + "." + i, layer, x, shape, pass);
      shape = layer.output(shape);
    }
    return x;
  }

  private double[][] apply(String name, Layer layer, double[][] x, Shape in, Pass pass) {
    double[][] y = new double[x.length][];
    if (layer instanceof Layer.Tied tied) {
      for (int use = 0; use < tied.times(); use++) {
        x = apply(name, tied.layers(), x, in, pass);
      }
      return x;
    } else if (layer instanceof Layer.Shared shared) {
      String common = name.replaceFirst("^(body|digits)[12]", "$1");
      return apply(common, shared.layers(), x, in, pass);
    } else if (layer instanceof Layer.Residual residual) {
      double[][] inner = apply(name, residual.layers(), x, in, pass);
      for (int i = 0; i < x.length; i++) {
        y[i] = new double[x[i].length];
        for (int k = 0; k < x[i].length; k++) {
          y[i][k] = x[i][k] + inner[i][k];
        }
      }
      return y;
    } else if (layer instanceof Layer.Dropout dropped) {
      return pass.learns() ? drop(dropped, x) : x;
    } else if (layer instanceof Layer.BatchNorm norm) {
      normalise(name, norm, x, y, pass);
      return y;
    }
    for (int i = 0; i < x.length; i++) {
      y[i] = apply(name, layer, x[i], in);
    }
    return y;
  }

  /** Value by value, and for each image by image, a uniform number in [0, 1) decides. */
  private double[][] drop(Layer.Dropout layer, double[][] x) {
    double[][] y = new double[x.length][x[0].length];
    for (int k = 0; k < x[0].length; k++) {
      for (int i = 0; i < x.length; i++) {
        double uniform = (draws.symmetric(1) + 1.0) / 2;
        y[i][k] = uniform < layer.rate() ? 0 : x[i][k] / (1 - layer.rate());
      }
    }
    return y;
  }

  private void normalise(String name, Layer.BatchNorm norm, double[][] x, double[][] y, Pass pass) {
    int pixels = x[0].length / norm.channels();
    boolean pooled = norm.statistics() == Layer.BatchNorm.Statistics.POOLED;
    int size = x.length / (pooled ? 1 : pass.images());
    double[] means = running.computeIfAbsent(name + ".running_mean", n -> weights.get(n).clone());
    double[] vars = running.computeIfAbsent(name + ".running_var", n -> weights.get(n).clone());
    for (int from = 0; from < x.length; from += size) {
      for (int i = from; i < from + size; i++) {
        y[i] = new double[x[i].length];
      }
      for (int c = 0; c < norm.channels(); c++) {
        double mean = means[c];
        double variance = vars[c];
        if (pass.learns()) {
          double sum = 0;
          double squares = 0;
          for (int i = from; i < from + size; i++) {
            for (int p = 0; p < pixels; p++) {
              sum += x[i][c * pixels + p];
              squares += x[i][c * pixels + p] * x[i][c * pixels + p];
            }
          }
          double count = (double) size * pixels;
          mean = sum / count;
          variance = squares / count - mean * mean;
          means[c] += 0.1 * (mean - means[c]);
          vars[c] += 0.1 * (variance * count / (count - 1) - vars[c]);
        }
        for (int i = from; i < from + size; i++) {
          for (int p = c * pixels; p < (c + 1) * pixels; p++) {
            y[i][p] =
                (x[i][p] - mean) / Math.sqrt(variance + 1e-5) * weights.get(name + ".weight")[c]
                    + weights.get(name + ".bias")[c];
          }
        }
      }
    }
  }

  private double[] apply(String name, Layer layer, double[] x, Shape in) {
    Shape out = layer.output(in);
    double[] y = new double[out.size()];
    if (layer instanceof Layer.Linear linear) {
      for (int o = 0; o < linear.out(); o++) {
        y[o] = weights.get(name + ".bias")[o];
        for (int i = 0; i < linear.in(); i++) {
          y[o] += weights.get(name + ".weight")[o * linear.in() + i] * x[i];
        }
      }
    } else if (layer instanceof Layer.Conv conv) {
      convolve(conv, (Shape.Image) in, (Shape.Image) out, name, x, y);
    } else if (layer instanceof Layer.MaxPool pool) {
      Shape.Image from = (Shape.Image) in;
      Shape.Image to = (Shape.Image) out;
      for (int i = 0; i < y.length; i++) {
        int c = i / (to.height() * to.width());
        int top = i / to.width() % to.height() * pool.window();
        int left = i % to.width() * pool.window();
        y[i] = Double.NEGATIVE_INFINITY;
        for (int p = 0; p < pool.window() * pool.window(); p++) {
          int row = top + p / pool.window();
          int column = left + p % pool.window();
          y[i] = Math.max(y[i], x[(c * from.height() + row) * from.width() + column]);
        }
      }
    } else if (layer instanceof Layer.Relu) {
      for (int i = 0; i < y.length; i++) {
        y[i] = Math.max(0, x[i]);
      }
    } else if (layer instanceof Layer.LeakyRelu) {
      for (int i = 0; i < y.length; i++) {
        y[i] = x[i] > 0 ? x[i] : 0.01 * x[i];
      }
    } else if (layer instanceof Layer.Sigmoid) {
      for (int i = 0; i < y.length; i++) {
        y[i] = 1 / (1 + Math.exp(-x[i]));
      }
    } else if (layer instanceof Layer.Tanh) {
      for (int i = 0; i < y.length; i++) {
        y[i] = (Math.exp(2 * x[i]) - 1) / (Math.exp(2 * x[i]) + 1);
      }
    } else {
      return x;
    }
    return y;
  }

  private void convolve(
      Layer.Conv conv, Shape.Image in, Shape.Image out, String name, double[] x, double[] y) {
    double[] weight = weights.get(name + ".weight");
    int k = conv.kernel();
    for (int o = 0; o < conv.out(); o++) {
      for (int row = 0; row < out.height(); row++) {
        for (int column = 0; column < out.width(); column++) {
          double sum = weights.get(name + ".bias")[o];
          for (int c = 0; c < conv.in(); c++) {
            for (int a = 0; a < k; a++) {
              for (int b = 0; b < k; b++) {
                int down = row + a - conv.padding();
                int right = column + b - conv.padding();
                if (down >= 0 && down < in.height() && right >= 0 && right < in.width()) {
                  sum +=
                      weight[((o * conv.in() + c) * k + a) * k + b]
                          * x[(c * in.height() + down) * in.width() + right];
                }
              }
            }
          }
          y[(o * out.height() + row) * out.width() + column] = sum;
        }
      }
    }
  }

  static double[] softmax(double[] z) {
    double sum = 0;
    double[] p = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      p[i] = Math.exp(z[i]);
      sum += p[i];
    }
    for (int i = 0; i < z.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  private static double crossEntropy(double[] logits, int label) {
    return -Math.log(softmax(logits)[label]);
  }
}
