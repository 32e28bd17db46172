package dev.twintail.model;

import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
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

  /** Returns layers as a chain that reads and writes values channel by channel. */
  private Chain chain(LayerName name, List<Layer> layers, Shape input) {
    List<Op> ops = new ArrayList<>();
    if (RowsOp.matters(input)) {
      ops.add(RowsOp.toRows(input));
    }
    Shape output = add(name, layers, input, ops);
    if (RowsOp.matters(output)) {
      ops.add(RowsOp.toChannels(output));
    }
    return new Chain(ops, maxImages);
  }

  /** Returns layers as a chain that reads and writes values in the order of {@link Op}. */
  private Chain inner(LayerName name, List<Layer> layers, Shape input) {
    List<Op> ops = new ArrayList<>();
    add(name, layers, input, ops);
    return new Chain(ops, maxImages);
  }

  private Shape add(LayerName name, List<Layer> layers, Shape input, List<Op> ops) {
    List<Shape> outputs = Cut.outputs(layers, input);
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (layer instanceof Layer.Conv conv) {
        int followers = 0;
        while (i + followers + 1 < layers.size() && Cut.isRowwise(layers.get(i + followers + 1))) {
          followers++;
        }
        List<Layer> row = layers.subList(i + 1, i + followers + 1);
        Shape.Image output = (Shape.Image) outputs.get(i);
        convolve(name.at(i), conv, (Shape.Image) shape, output, row, ops);
        i += followers;
      } else {
        add(name.at(i), layer, shape, outputs.get(i), ops);
      }
      shape = outputs.get(i);
    }
    return shape;
  }

  /**
   * Adds a convolution and the layers that follow it row by row.
   *
   * @param out what the convolution computes
   */
  private void convolve(
      LayerName name,
      Layer.Conv conv,
      Shape.Image in,
      Shape.Image out,
      List<Layer> followers,
      List<Op> ops) {
    Shape.Image image = in;
    if (conv.padding() > 0) {
      image = Cut.read(conv, out);
      ops.add(new PadOp(in, image, conv.padding()));
    }
    int band = 1;
    for (Layer layer : followers) {
      band *= layer instanceof Layer.MaxPool pool ? pool.window() : 1;
    }
    Filters filters = parameters.filters(name, shape(conv));
    Followers rowwise = new Followers(out, band, rows -> inner(name, followers, rows));
    ops.add(new ConvOp(filters, image, out, rowwise, maxImages));
  }

  private void add(LayerName name, Layer layer, Shape in, Shape out, List<Op> ops) {
    if (layer instanceof Layer.Linear linear) {
      ops.add(new LinearOp(parameters.affine(name, linear.out(), linear.in()), maxImages));
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
      ops.add(new DropoutOp(in, dropout.rate(), maxImages));
    } else if (layer instanceof Layer.BatchNorm norm) {
      boolean eachImage = norm.statistics() == Layer.BatchNorm.Statistics.EACH_IMAGE;
      ops.add(
          new BatchNormOp(
              parameters.normalisation(name, norm.channels()), in, eachImage ? passes : 1));
    } else if (layer instanceof Layer.Tied tied) {
      for (int use = 0; use < tied.times(); use++) {
        add(name, tied.layers(), in, ops);
      }
    } else if (layer instanceof Layer.Residual residual) {
      ops.add(new ResidualOp(in.size(), inner(name, residual.layers(), in)));
    } else if (layer instanceof Layer.Shared shared) {
      if (name.isSecond() && shared.spare() == Layer.Shared.Spare.SECOND_BODY) {
        reserve(name, shared.layers());
      }
      add(name.shared(), shared.layers(), in, ops);
    } else if (layer instanceof Layer.Flatten) {
      if (RowsOp.matters(in)) {
        ops.add(RowsOp.toChannels(in));
      }
    } else {
      throw new IllegalArgumentException("Cannot compute layer '" + layer.text() + "'");
    }
  }

  private static List<Integer> shape(Layer.Conv conv) {
    return List.of(conv.out(), conv.in(), conv.kernel(), conv.kernel());
  }

  /** Makes the parameters of layers that nothing computes with. */
  private void reserve(LayerName name, List<Layer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      LayerName own = name.at(i);
      Layer layer = layers.get(i);
      if (layer instanceof Layer.Conv conv) {
        parameters.filters(own, shape(conv));
      } else if (layer instanceof Layer.Linear linear) {
        parameters.affine(own, linear.out(), linear.in());
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
