package dev.twintail.model.dl4j;

import dev.twintail.model.LayerName;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Shape;
import dev.twintail.random.Draws;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The layers of a body, a digit head or a tail as nodes, driven by errors from outside: {@link
 * #forward}, then {@link #backward}. Tied layers are as many DL4J layers that read one place.
 *
 * <p>Rows are flat and row-major, channel by channel as in {@link Shape}. Not thread-safe.
 */
final class Dl4jStack {
  private final Shape input;
  private final Shape output;
  private final DataType type;
  private final ChainNode chain;

  /**
   * @param name what the names of its tensors begin with
   * @param input shape of one row
   * @param passes 2 if the rows of a batch are all first images and then as many second ones, else
   *     1
   */
  Dl4jStack(
      LayerName name,
      LayerList layers,
      Shape input,
      int passes,
      Dl4jParameters parameters,
      ArrayScope scope) {
    this.input = input;
    this.type = parameters.type();
    this.output = layers.output(input);
    this.chain = new Builder(passes, parameters, scope).chain(name, layers.layers(), input);
  }

  /** Turns our layers into nodes. */
  private record Builder(int passes, Dl4jParameters parameters, ArrayScope scope) {
    ChainNode chain(LayerName name, List<Layer> layers, Shape shape) {
      List<GraphNode> nodes = new ArrayList<>();
      add(name, layers, shape, nodes);
      return new ChainNode(nodes);
    }

    private void add(LayerName name, List<Layer> layers, Shape input, List<GraphNode> nodes) {
      Shape shape = input;
      for (int i = 0; i < layers.size(); i++) {
        Shape output = layers.get(i).output(shape);
        add(name.at(i), layers.get(i), shape, nodes);
        shape = output;
      }
    }

    private void add(LayerName name, Layer layer, Shape shape, List<GraphNode> nodes) {
      if (layer instanceof Layer.Conv conv) {
        nodes.add(
            LayerNode.affine(
                name,
                Configurations.of(conv, CNN2DFormat.NHWC),
                Patches.of(conv, (Shape.Image) shape),
                parameters,
                scope));
      } else if (layer instanceof Layer.Linear linear) {
        nodes.add(LayerNode.affine(name, Configurations.of(linear), null, parameters, scope));
      } else if (layer instanceof Layer.MaxPool pool) {
        nodes.add(
            LayerNode.of(
                Configurations.of(pool, CNN2DFormat.NHWC),
                (c, type) -> new PoolLayer(c, type, pool, (Shape.Image) shape),
                parameters,
                scope));
      } else if (layer instanceof Layer.Relu) {
        nodes.add(activation(new Rectifier()));
      } else if (layer instanceof Layer.LeakyRelu) {
        nodes.add(activation(new ActivationLReLU(Layer.LeakyRelu.SLOPE)));
      } else if (layer instanceof Layer.Sigmoid) {
        nodes.add(activation(Activation.SIGMOID.getActivationFunction()));
      } else if (layer instanceof Layer.Tanh) {
        nodes.add(activation(Activation.TANH.getActivationFunction()));
      } else if (layer instanceof Layer.Dropout dropout) {
        nodes.add(new DropoutNode(dropout.rate(), shape));
      } else if (layer instanceof Layer.BatchNorm norm) {
        boolean eachImage = norm.statistics() == Layer.BatchNorm.Statistics.EACH_IMAGE;
        nodes.add(new NormNode(name.toString(), norm, eachImage ? passes : 1, parameters));
      } else if (layer instanceof Layer.Flatten) {
        nodes.add(new FlattenNode(shape));
      } else if (layer instanceof Layer.Tied tied) {
        for (int time = 0; time < tied.times(); time++) {
          add(name, tied.layers(), shape, nodes);
        }
      } else if (layer instanceof Layer.Residual residual) {
        nodes.add(new ResidualNode(chain(name, residual.layers(), shape)));
      } else if (layer instanceof Layer.Shared shared) {
        add(name.shared(), shared.layers(), shape, nodes);
      } else {
        throw new IllegalArgumentException("No Deeplearning4j layer for '" + layer.text() + "'");
      }
    }

    private GraphNode activation(IActivation function) {
      return LayerNode.of(new ActivationLayer(function), parameters, scope);
    }
  }

  /** Returns whether anything can be learnt here. */
  boolean hasParameters() {
    return chain.hasParameters();
  }

  /**
   * Returns the outputs of {@code rows}, and keeps what {@link #backward} needs.
   *
   * @param rows {@code n} inputs, row after row
   * @param dropout what dropped values are drawn from while learning; null in evaluation
   */
  double[] forward(double[] rows, int n, @Nullable Draws dropout) {
    INDArray flat = Nd4j.createFromArray(rows).castTo(type);
    INDArray y = chain.forward(Images.channelsLast(flat, n, input), dropout);
    return values(Images.channelsFirst(y));
  }

  /**
   * Returns the gradient with respect to the inputs of the last {@link #forward}.
   *
   * @param errors gradient with respect to the outputs
   * @param trains whether the parameters gather their gradient
   */
  double[] backward(double[] errors, boolean trains) {
    return values(Images.channelsFirst(chain.backward(array(errors), trains)));
  }

  /** Gathers the gradient of the parameters as {@link #backward} does, and of nothing else. */
  void learn(double[] errors) {
    chain.learn(array(errors));
  }

  private INDArray array(double[] errors) {
    INDArray flat = Nd4j.createFromArray(errors).castTo(type);
    return Images.channelsLast(flat, errors.length / output.size(), output);
  }

  private static double[] values(INDArray array) {
    return array.dup('c').reshape(array.length()).toDoubleVector();
  }
}
