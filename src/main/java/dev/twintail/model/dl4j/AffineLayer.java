package dev.twintail.model.dl4j;

import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What DL4J's dense and convolution layers compute, with their configurations and parameters, as
 * products of arrays that lie as BLAS wants them. DL4J's own gather the patches of an image into a
 * strided array, multiply into another, and compute their outputs again on the way back.
 *
 * <p>Images have their channels last (NHWC), so that a row of the product is a pixel.
 */
final class AffineLayer extends BaseLayer<FeedForwardLayer> {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Patches patches;
  private final transient Cells images;
  private final transient Cells gathered;

  // Of the last forward pass.
  private transient @Nullable INDArray rows;

  /**
   * @param patches what a convolution gathers; null of a dense layer
   */
  AffineLayer(NeuralNetConfiguration configuration, DataType type, @Nullable Patches patches) {
    super(configuration, type);
    this.patches = patches;
    this.images = Cells.of(type);
    this.gathered = Cells.of(type);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
    int n = Math.toIntExact(input.size(0));
    rows = patches == null ? input : gather(patches, n);
    INDArray outputs = product(rows.size(0), weights().size(0));
    Nd4j.gemm(rows, weights(), outputs, false, true, 1, 0);
    outputs.addiRowVector(getParam(DefaultParamInitializer.BIAS_KEY));
    return patches == null
        ? outputs
        : outputs.reshape(
            'c', n, patches.output().height(), patches.output().width(), outputs.size(1));
  }

  private INDArray gather(Patches from, int n) {
    images.read(input);
    gathered.gather(images, from.inputs(), from.table(), n);
    return gathered.array((long) n * from.windows(), from.size());
  }

  /** Returns the weights as (out, in), a view. */
  private INDArray weights() {
    return byOutput(getParam(DefaultParamInitializer.WEIGHT_KEY));
  }

  private static INDArray byOutput(INDArray weights) {
    return weights.rank() == 2
        ? weights.transpose()
        : weights.reshape('c', weights.size(0), weights.length() / weights.size(0));
  }

  private INDArray product(long height, long width) {
    return Nd4j.createUninitialized(dataType, new long[] {height, width}, 'c');
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray errors, LayerWorkspaceMgr manager) {
    Gradient gradient = learn(errors);
    INDArray dy = byRow(errors);
    INDArray dRows = product(dy.size(0), weights().size(1));
    Nd4j.gemm(dy, weights(), dRows, false, false, 1, 0);
    return new Pair<>(gradient, patches == null ? dRows : scatter(patches, dRows));
  }

  private INDArray scatter(Patches to, INDArray dRows) {
    int n = Math.toIntExact(input.size(0));
    gathered.read(dRows);
    images.scatter(gathered, to.inputs(), to.table(), n);
    return images.array(input.shape());
  }

  private INDArray byRow(INDArray errors) {
    long outputs = weights().size(0);
    return errors.reshape('c', errors.length() / outputs, outputs);
  }

  /** Returns the gradient of the parameters alone, at the last {@link #activate}. */
  Gradient learn(INDArray errors) {
    if (rows == null) {
      throw new IllegalStateException("Cannot pass errors back before inputs went forward");
    }
    INDArray dy = byRow(errors);
    INDArray dWeights = gradientView(DefaultParamInitializer.WEIGHT_KEY);
    INDArray dBias = gradientView(DefaultParamInitializer.BIAS_KEY);
    Nd4j.gemm(dy, rows, byOutput(dWeights), true, false, 1, 0);
    // A product with ones, which is several times as fast as ND4J's sum over rows.
    INDArray ones = Nd4j.ones(dataType, 1, dy.size(0));
    Nd4j.gemm(ones, dy, dBias.reshape(1, dBias.length()), false, false, 1, 0);
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, dWeights);
    gradient.setGradientFor(DefaultParamInitializer.BIAS_KEY, dBias);
    return gradient;
  }

  private INDArray gradientView(String key) {
    return Objects.requireNonNull(gradientViews.get(key), key);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
