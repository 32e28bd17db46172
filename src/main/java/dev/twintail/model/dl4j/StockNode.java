package dev.twintail.model.dl4j;

import dev.twintail.random.Draws;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** A layer of DL4J's library. */
final class StockNode implements Node {
  private final Layer layer;
  private final Scope scope;

  /** By the key that DL4J has for it. */
  private final Map<String, Parameter> trained = new LinkedHashMap<>();

  private StockNode(Layer layer, Scope scope) {
    this.layer = layer;
    this.scope = scope;
  }

  /** Returns a layer without parameters. */
  static StockNode of(
      org.deeplearning4j.nn.conf.layers.Layer layer, Parameters parameters, Scope scope) {
    NeuralNetConfiguration configuration = configuration(layer, parameters);
    return new StockNode(
        layer.instantiate(configuration, List.of(), 0, null, false, parameters.type()), scope);
  }

  /**
   * Returns a layer that reads the parameters of its name, as all of that name do.
   *
   * @param tensors names of the tensors that are learnt, by the key that DL4J has for each
   */
  static StockNode of(
      String name,
      org.deeplearning4j.nn.conf.layers.Layer layer,
      Map<String, String> tensors,
      Parameters parameters,
      Scope scope) {
    NeuralNetConfiguration configuration = configuration(layer, parameters);
    long length = layer.initializer().numParams(configuration);
    Layer built =
        layer.instantiate(
            configuration, List.of(), 0, parameters.place(name, length), false, parameters.type());
    built.setBackpropGradientsViewArray(Nd4j.create(parameters.type(), 1, length));
    StockNode node = new StockNode(built, scope);
    new TreeMap<>(tensors)
        .forEach(
            (key, tensor) -> node.trained.put(key, parameters.tensor(tensor, built.getParam(key))));
    return node;
  }

  private static NeuralNetConfiguration configuration(
      org.deeplearning4j.nn.conf.layers.Layer layer, Parameters parameters) {
    return new NeuralNetConfiguration.Builder()
        .dataType(parameters.type())
        .weightInit(WeightInit.ZERO)
        .updater(new NoOp())
        .activation(Activation.IDENTITY)
        .layer(layer)
        .build();
  }

  /** Returns a tensor of the layer as its library has it. */
  INDArray parameter(String key) {
    return layer.getParam(key);
  }

  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    // As in training even in evaluation, where some layers write into their input. The layers made
    // here compute the same in both, but for batch normalisation, which evaluates elsewhere.
    return layer.activate(x, true, scope.manager());
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    Pair<Gradient, INDArray> result = layer.backpropGradient(dy, scope.manager());
    if (trains) {
      trained.forEach(
          (key, parameter) -> parameter.addGradient(result.getFirst().getGradientFor(key)));
    }
    return result.getSecond();
  }

  @Override
  public boolean hasParameters() {
    return !trained.isEmpty();
  }
}
