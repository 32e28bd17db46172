package dev.twintail.model.dl4j;

import dev.twintail.network.Layer;
import dev.twintail.network.Shape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What DL4J's subsampling layer computes of maxima, with its configuration; it remembers where each
 * maximum was instead of looking for it again. Images have their channels last (NHWC).
 */
final class PoolLayer extends AbstractLayer<SubsamplingLayer> {
  private static final long serialVersionUID = 1L;

  private final transient Shape.Image image;
  private final transient Shape.Image output;
  private final int[] corners;
  private final int[] window;
  private final transient Cells images;
  private final transient Cells largest;
  private int[] winners = {};

  PoolLayer(
      NeuralNetConfiguration configuration, DataType type, Layer.MaxPool pool, Shape.Image image) {
    super(configuration, type);
    this.image = image;
    this.output = (Shape.Image) pool.output(image);
    this.images = Cells.of(type);
    this.largest = Cells.of(type);
    this.corners = new int[output.size()];
    this.window = new int[pool.window() * pool.window() - 1];
    int rowOfPixels = image.width() * image.channels();
    int i = 0;
    for (int y = 0; y < output.height(); y++) {
      for (int x = 0; x < output.width(); x++) {
        for (int channel = 0; channel < image.channels(); channel++) {
          corners[i++] = pool.window() * (y * rowOfPixels + x * image.channels()) + channel;
        }
      }
    }
    for (int place = 1; place <= window.length; place++) {
      window[place - 1] =
          place / pool.window() * rowOfPixels + place % pool.window() * image.channels();
    }
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
    int n = Math.toIntExact(input.size(0));
    if (winners.length < n * output.size()) {
      winners = new int[n * output.size()];
    }
    images.read(input);
    largest.largest(images, image.size(), corners, window, n, winners);
    return largest.array(n, output.height(), output.width(), output.channels());
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray errors, LayerWorkspaceMgr manager) {
    largest.read(errors);
    int count = Math.toIntExact(errors.length());
    images.place(largest, winners, count, Math.toIntExact(input.length()));
    return new Pair<>(new DefaultGradient(), images.array(input.shape()));
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // There are none.
  }
}
