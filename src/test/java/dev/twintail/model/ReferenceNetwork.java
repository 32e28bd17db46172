package dev.twintail.model;

import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
import dev.twintail.model.Weights.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The same networks and losses computed once more in the plainest way: double precision, one image
 * at a time, loops over indices. Shares no code with the engine.
 */
final class ReferenceNetwork {
  private final Siamese network;
  private final Map<String, double[]> weights = new HashMap<>();

  ReferenceNetwork(Siamese network, Weights initial) {
    this.network = network;
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

  /** Returns target·CE(target) + digit·(CE(d1) + CE(d2))/2, mean over all pairs. */
  double loss(Examples examples, double target, double digit) {
    double sum = 0;
    for (int i = 0; i < examples.size(); i++) {
      double[] first = body(image(examples, 2 * i));
      double[] second = body(image(examples, 2 * i + 1));
      if (target != 0) {
        sum += target * crossEntropy(tail(first, second), examples.targets()[i]);
      }
      if (digit != 0) {
        sum += digit * crossEntropy(first, examples.digits()[2 * i]) / 2;
        sum += digit * crossEntropy(second, examples.digits()[2 * i + 1]) / 2;
      }
    }
    return sum / examples.size();
  }

  /** Returns the central difference of the loss for one weight. */
  double derivative(Examples examples, double target, double digit, String tensor, int index) {
    double[] values = weights.get(tensor);
    double h = 1e-6;
    double at = values[index];
    values[index] = at + h;
    double above = loss(examples, target, digit);
    values[index] = at - h;
    double below = loss(examples, target, digit);
    values[index] = at;
    return (above - below) / (2 * h);
  }

  double[] body(double[] image) {
    return apply("body", network.body(), image, network.input());
  }

  double[] tail(double[] first, double[] second) {
    double[] a = head(first);
    double[] b = head(second);
    double[] joined = new double[a.length + b.length];
    System.arraycopy(a, 0, joined, 0, a.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return apply("tail", network.tail(), joined, new Shape.Vector(joined.length));
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

  private double[] apply(String name, LayerList list, double[] x, Shape shape) {
    return apply(name, list.layers(), x, shape);
  }

  private double[] apply(String name, List<Layer> layers, double[] x, Shape shape) {
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      x = apply(name + "." + i, layer, x, shape);
      shape = layer.output(shape);
    }
    return x;
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
    } else if (layer instanceof Layer.Tied tied) {
      for (int use = 0; use < tied.times(); use++) {
        x = apply(name, tied.layers(), x, in);
      }
      return x;
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
                sum +=
                    weight[((o * conv.in() + c) * k + a) * k + b]
                        * x[(c * in.height() + row + a) * in.width() + column + b];
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
