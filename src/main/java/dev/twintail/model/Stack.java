package dev.twintail.model;

import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Shape;
import java.util.ArrayList;
import java.util.List;

/** Makes the layers of a body, a digit head or a tail ready to compute. */
final class Stack {
  private final Parameters parameters;
  private final int maxImages;
  private final int passes;

  private Stack(Parameters parameters, int maxImages, int passes) {
    this.parameters = parameters;
    this.maxImages = maxImages;
    this.passes = passes;
  }

  /**
   * Returns the layers as a chain.
   *
   * @param name what the tensors' names begin with
   * @param parameters where the layers find or leave their weights
   * @param maxImages the largest batch
   * @param passes 2 if the columns of a batch are those of all first images and then as many of
   *     second ones, else 1
   */
  static Chain compile(
      LayerName name,
      LayerList layers,
      Shape input,
      Parameters parameters,
      int maxImages,
      int passes) {
    return new Stack(parameters, maxImages, passes).chain(name, layers.layers(), input);
  }

  private Chain chain(LayerName name, List<Layer> layers, Shape input) {
    List<Op> ops = new ArrayList<>();
    add(name, layers, input, ops);
    return new Chain(ops, maxImages);
  }

  private void add(LayerName name, List<Layer> layers, Shape input, List<Op> ops) {
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Shape output = layer.output(shape);
      add(name.at(i), layer, shape, output, ops);
      shape = output;
    }
  }

  private void add(LayerName name, Layer layer, Shape in, Shape out, List<Op> ops) {
    if (layer instanceof Layer.Conv conv) {
      Shape.Image image = (Shape.Image) in;
      if (conv.padding() > 0) {
        PadOp pad = new PadOp(image, conv.padding());
        ops.add(pad);
        image = pad.padded();
      }
      List<Integer> shape = List.of(conv.out(), conv.in(), conv.kernel(), conv.kernel());
      ops.add(new ConvOp(parameters.affine(name, shape), image, (Shape.Image) out, maxImages));
    } else if (layer instanceof Layer.Linear linear) {
      List<Integer> shape = List.of(linear.out(), linear.in());
      ops.add(new LinearOp(parameters.affine(name, shape), maxImages));
    } else if (layer instanceof Layer.MaxPool pool) {
      ops.add(new MaxPoolOp((Shape.Image) in, (Shape.Image) out, pool.window(), maxImages));
    } else if (layer instanceof Layer.Relu) {
      ops.add(new ReluOp(in.size()));
    } else if (layer instanceof Layer.LeakyRelu) {
      ops.add(new LeakyReluOp(in.size()));
    } else if (layer instanceof Layer.Sigmoid) {
      ops.add(new SigmoidOp(in.size()));
    } else if (layer instanceof Layer.Tanh) {
      ops.add(new TanhOp(in.size()));
    } else if (layer instanceof Layer.Dropout dropout) {
      ops.add(new DropoutOp(in.size(), dropout.rate(), maxImages));
    } else if (layer instanceof Layer.BatchNorm norm) {
      boolean eachImage = norm.statistics() == Layer.BatchNorm.Statistics.EACH_IMAGE;
      ops.add(
          new BatchNormOp(
              parameters.normalisation(name, norm.channels()),
              in.size() / norm.channels(),
              eachImage ? passes : 1));
    } else if (layer instanceof Layer.Tied tied) {
      for (int use = 0; use < tied.times(); use++) {
        add(name, tied.layers(), in, ops);
      }
    } else if (layer instanceof Layer.Residual residual) {
      ops.add(new ResidualOp(in.size(), chain(name, residual.layers(), in)));
    } else if (layer instanceof Layer.Shared shared) {
      if (name.isSecond() && shared.spare() == Layer.Shared.Spare.SECOND_BODY) {
        reserve(name, shared.layers());
      }
      add(name.shared(), shared.layers(), in, ops);
    } else if (!(layer instanceof Layer.Flatten)) {
      throw new IllegalArgumentException("Cannot compute layer '" + layer.text() + "'");
    }
    // Flatten changes no byte: activations are stored channel by channel, row by row anyway.
  }

  /** Makes the parameters of layers that nothing computes with. */
  private void reserve(LayerName name, List<Layer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      LayerName own = name.at(i);
      Layer layer = layers.get(i);
      if (layer instanceof Layer.Conv conv) {
        parameters.affine(own, List.of(conv.out(), conv.in(), conv.kernel(), conv.kernel()));
      } else if (layer instanceof Layer.Linear linear) {
        parameters.affine(own, List.of(linear.out(), linear.in()));
      } else if (layer instanceof Layer.BatchNorm norm) {
        parameters.normalisation(own, norm.channels());
      } else if (layer instanceof Layer.Tied tied) {
        reserve(own, tied.layers());
      } else if (layer instanceof Layer.Residual residual) {
        reserve(own, residual.layers());
      } else if (layer instanceof Layer.Shared shared) {
        reserve(own, shared.layers());
      }
    }
  }
}
