package dev.twintail.model.dl4j;

import dev.twintail.model.LayerName;
import dev.twintail.random.Draws;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** A layer by DL4J's interface, with a configuration of its library. */
final class LayerNode implements GraphNode {
  private final Layer layer;
  private final ArrayScope scope;

  /** By the key that DL4J has for it. */
  private final Map<String, Dl4jParameter> trained = new LinkedHashMap<>();

  private LayerNode(Layer layer, ArrayScope scope) {
    this.layer = layer;
    this.scope = scope;
  }

  /** Returns a layer of DL4J's library without parameters. */
  static LayerNode of(
      org.deeplearning4j.nn.conf.layers.Layer layer, Dl4jParameters parameters, ArrayScope scope) {
    return of(
        layer,
        (c, type) -> layer.instantiate(c, List.of(), 0, null, false, type),
        parameters,
        scope);
  }

  /** Returns a layer without parameters. */
  static LayerNode of(
      org.deeplearning4j.nn.conf.layers.Layer layer,
      BiFunction<NeuralNetConfiguration, DataType, Layer> maker,
      Dl4jParameters parameters,
      ArrayScope scope) {
    return new LayerNode(maker.apply(configuration(layer, parameters), parameters.type()), scope);
  }

  /**
   * Returns a layer that reads the parameters of its name, as all of that name do.
   *
   * @param patches what a convolution gathers; null of a dense layer
   */
  static LayerNode affine(
      LayerName name,
      FeedForwardLayer layer,
      @Nullable Patches patches,
      Dl4jParameters parameters,
      ArrayScope scope) {
    NeuralNetConfiguration configuration = configuration(layer, parameters);
    long length = layer.initializer().numParams(configuration);
    INDArray place = parameters.place(name.toString(), length);
    AffineLayer built = new AffineLayer(configuration, parameters.type(), patches);
    built.setParamsViewArray(place);
    built.setParamTable(layer.initializer().init(configuration, place, false));
    built.setBackpropGradientsViewArray(Nd4j.create(parameters.type(), 1, length));
    LayerNode node = new LayerNode(built, scope);
    node.train(DefaultParamInitializer.WEIGHT_KEY, name.tensor("weight"), parameters);
    node.train(DefaultParamInitializer.BIAS_KEY, name.tensor("bias"), parameters);
    return node;
  }

  private void train(String key, String tensor, Dl4jParameters parameters) {
    trained.put(key, parameters.tensor(tensor, layer.getParam(key)));
  }

  private static NeuralNetConfiguration configuration(
      org.deeplearning4j.nn.conf.layers.Layer layer, Dl4jParameters parameters) {
    return new NeuralNetConfiguration.Builder()
        .dataType(parameters.type())
        .weightInit(WeightInit.ZERO)
        .updater(new NoOp())
        .activation(Activation.IDENTITY)
        .layer(layer)
        .build();
  }

  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    // As in training even in evaluation, where some layers write into their input. The layers made
    // here compute the same in both.
    return layer.activate(x, true, scope.manager());
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    Pair<Gradient, INDArray> result = layer.backpropGradient(dy, scope.manager());
    if (trains) {
      gather(result.getFirst());
    }
    return result.getSecond();
  }

  @Override
  public void learn(INDArray dy) {
    if (layer instanceof AffineLayer affine) {
      gather(affine.learn(dy));
    }
  }

  private void gather(Gradient gradient) {
    trained.forEach((key, parameter) -> parameter.addGradient(gradient.getGradientFor(key)));
  }

  @Override
  public boolean hasParameters() {
    return !trained.isEmpty();
  }
}
