package dev.twintail.model.dl4j;

import dev.twintail.model.Weights;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * One part of a network, body or tail, as a DL4J network of stock layers, driven by errors from
 * outside: {@link #forward}, then {@link #backward}, then {@link #step}. Tied layers are unrolled
 * into copies that are kept equal: the gradient of a tied weight is the sum over its copies.
 *
 * <p>Rows are flat and row-major, channel by channel as in {@link Shape}. Not thread-safe.
 */
final class Stack implements AutoCloseable {
  private final Shape input;
  private final DataType type;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  /** Null for the empty list, which is the identity. */
  private final @Nullable MultiLayerNetwork network;

  private List<INDArray> activations = List.of();
  private @Nullable Gradient gradient;
  private int steps;

  /**
   * @param part {@code body} or {@code tail}, the first word of the names of its tensors
   * @param input shape of one row
   * @param weights at least all tensors of this part
   * @param type precision of the arithmetic
   */
  Stack(String part, LayerList layers, Shape input, Weights weights, DataType type) {
    this.input = input;
    this.type = type;
    this.network = layers.layers().isEmpty() ? null : build(part, layers, input);
    for (Parameter parameter : parameters.values()) {
      parameter.assign(
          weights
              .find(parameter.name())
              .orElseThrow(
                  () -> new IllegalArgumentException("Missing tensor " + parameter.name())));
    }
  }

  /** Returns the first layer, those inside others included, that this engine has no layer for. */
  static Optional<Layer> firstUnknown(List<Layer> layers) {
    for (Layer layer : layers) {
      if (layer instanceof Layer.Tied tied) {
        Optional<Layer> inner = firstUnknown(tied.layers());
        if (inner.isPresent()) {
          return inner;
        }
      } else if (!isKnown(layer)) {
        return Optional.of(layer);
      }
    }
    return Optional.empty();
  }

  private static boolean isKnown(Layer layer) {
    return (layer instanceof Layer.Conv conv && conv.padding() == 0)
        || layer instanceof Layer.Linear
        || layer instanceof Layer.MaxPool
        || layer instanceof Layer.Relu
        || layer instanceof Layer.Flatten;
  }

  private MultiLayerNetwork build(String part, LayerList layers, Shape shape) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .weightInit(WeightInit.ZERO)
            .updater(new NoOp())
            .activation(Activation.IDENTITY)
            .list();
    Unrolling unrolling = new Unrolling(list, shape);
    unrolling.add(part, layers.layers());
    MultiLayerNetwork built = new MultiLayerNetwork(list.build());
    built.init();
    unrolling.keys.forEach((name, keys) -> parameters.put(name, new Parameter(name, keys, built)));
    return built;
  }

  /** Turns our layers into DL4J's, and notes under which keys each tensor lies there. */
  private static final class Unrolling {
    private final NeuralNetConfiguration.ListBuilder list;
    private final Map<String, List<String>> keys = new LinkedHashMap<>();
    private Shape shape;
    private int size;

    Unrolling(NeuralNetConfiguration.ListBuilder list, Shape shape) {
      this.list = list;
      this.shape = shape;
    }

    void add(String prefix, List<Layer> layers) {
      for (int i = 0; i < layers.size(); i++) {
        add(prefix + "." + i, layers.get(i));
      }
    }

    private void add(String name, Layer layer) {
      if (layer instanceof Layer.Tied tied) {
        for (int time = 0; time < tied.times(); time++) {
          add(name, tied.layers());
        }
        return;
      }
      Shape output = layer.output(shape);
      if (!isKnown(layer)) {
        throw new IllegalArgumentException("No Deeplearning4j layer for '" + layer.text() + "'");
      } else if (layer instanceof Layer.Conv conv) {
        list.layer(
            size,
            new ConvolutionLayer.Builder(conv.kernel(), conv.kernel())
                .nIn(conv.in())
                .nOut(conv.out())
                .build());
        addKeys(name);
      } else if (layer instanceof Layer.Linear linear) {
        list.layer(size, new DenseLayer.Builder().nIn(linear.in()).nOut(linear.out()).build());
        addKeys(name);
      } else if (layer instanceof Layer.MaxPool pool) {
        list.layer(
            size,
            new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(pool.window(), pool.window())
                .stride(pool.window(), pool.window())
                .build());
      } else if (layer instanceof Layer.Relu) {
        list.layer(size, new ActivationLayer(Activation.RELU));
      } else if (layer instanceof Layer.Flatten) {
        list.layer(size, new ActivationLayer(Activation.IDENTITY));
        if (shape instanceof Shape.Image image) {
          list.inputPreProcessor(
              size,
              new CnnToFeedForwardPreProcessor(image.height(), image.width(), image.channels()));
        }
      }
      shape = output;
      size++;
    }

    private void addKeys(String name) {
      keys.computeIfAbsent(name + ".weight", n -> new ArrayList<>()).add(size + "_W");
      keys.computeIfAbsent(name + ".bias", n -> new ArrayList<>()).add(size + "_b");
    }
  }

  /** Returns whether nothing can be learnt here. */
  boolean isFixed() {
    return parameters.isEmpty();
  }

  /**
   * Returns the outputs of {@code rows}, and keeps what {@link #backward} needs.
   *
   * @param rows {@code n} inputs, row after row
   */
  double[] forward(double[] rows, int n) {
    release();
    if (network == null) {
      return rows;
    }
    network.setInput(array(rows, n));
    activations = network.feedForward(true, false);
    return values(activations.get(activations.size() - 1));
  }

  /**
   * Returns the gradient with respect to the inputs of the last {@link #forward}, and keeps that
   * with respect to the parameters.
   *
   * @param errors gradient with respect to the outputs
   */
  double[] backward(double[] errors) {
    if (network == null) {
      return errors;
    }
    INDArray output = activations.get(activations.size() - 1);
    INDArray epsilon = Nd4j.createFromArray(errors).castTo(type).reshape(output.shape());
    Pair<Gradient, INDArray> result = network.backpropGradient(epsilon, null);
    gradient = result.getFirst();
    return values(result.getSecond());
  }

  /** Takes one step of Adam along the gradient of the last {@link #backward}. */
  void step(Optimizer.Adam adam) {
    if (gradient == null) {
      return;
    }
    for (Parameter parameter : parameters.values()) {
      parameter.step(gradient, adam, steps);
    }
    steps++;
    gradient = null;
  }

  /** Returns the gradient of the last {@link #backward} for a tensor, row-major. */
  double[] gradient(String name) {
    if (gradient == null || !parameters.containsKey(name)) {
      throw new IllegalStateException("No gradient of " + name);
    }
    return values(parameters.get(name).gradient(gradient));
  }

  /** Returns the weights as they are now. */
  Weights weights() {
    return new Weights(parameters.values().stream().map(Parameter::tensor).toList());
  }

  /** Frees the native memory of the last pass, which is large, ahead of the garbage collector. */
  private void release() {
    if (network != null) {
      network.clear();
    }
    for (INDArray activation : activations) {
      if (activation.closeable()) {
        activation.close();
      }
    }
    activations = List.of();
  }

  @Override
  public void close() {
    release();
  }

  private INDArray array(double[] rows, int n) {
    INDArray flat = Nd4j.createFromArray(rows).castTo(type);
    return input instanceof Shape.Image image
        ? flat.reshape(n, image.channels(), image.height(), image.width())
        : flat.reshape(n, input.size());
  }

  private static double[] values(INDArray array) {
    return array.dup('c').reshape(array.length()).toDoubleVector();
  }
}
