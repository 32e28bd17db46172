package dev.twintail.model.dl4j;

import dev.twintail.network.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** DL4J's words for layers that it has. */
final class Configurations {
  private Configurations() {}

  static ConvolutionLayer of(Layer.Conv conv, CNN2DFormat format) {
    return new ConvolutionLayer.Builder(conv.kernel(), conv.kernel())
        .nIn(conv.in())
        .nOut(conv.out())
        .stride(1, 1)
        .padding(conv.padding(), conv.padding())
        .dataFormat(format)
        .build();
  }

  static DenseLayer of(Layer.Linear linear) {
    return new DenseLayer.Builder().nIn(linear.in()).nOut(linear.out()).build();
  }

  static SubsamplingLayer of(Layer.MaxPool pool, CNN2DFormat format) {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(pool.window(), pool.window())
        .stride(pool.window(), pool.window())
        .dataFormat(format)
        .build();
  }
}
