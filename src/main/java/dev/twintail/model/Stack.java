package dev.twintail.model;

import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
  static Sequential compile(
      LayerName name,
      LayerList layers,
      Shape input,
      Parameters parameters,
      int maxImages,
      int passes) {
    return new Stack(parameters, maxImages, passes).chain(name, layers.layers(), input);
  }

  /** Returns layers as a chain that reads and writes values channel by channel. */
  private Sequential chain(LayerName name, List<Layer> layers, Shape input) {
    List<Op> ops = new ArrayList<>();
    if (RowsOp.matters(input)) {
      ops.add(RowsOp.toRows(input));
    }
    Shape output = add(name, layers, input, ops);
    if (RowsOp.matters(output)) {
      ops.add(RowsOp.toChannels(output));
    }
    return new Sequential(ops, maxImages);
  }

  /** Returns layers as a chain that reads and writes values in the order of {@link Op}. */
  private Sequential inner(LayerName name, List<Layer> layers, Shape input) {
    List<Op> ops = new ArrayList<>();
    add(name, layers, input, ops);
    return new Sequential(ops, maxImages);
  }

  private Shape add(LayerName name, List<Layer> layers, Shape input, List<Op> ops) {
    List<Shape> outputs = Cut.outputs(layers, input);
    Shape shape = input;
    int next = 0;
    while (next < layers.size()) {
      Layer layer = layers.get(next);
      LayerName own = name.at(next);
      Shape output = outputs.get(next);
      if (layer instanceof Layer.Conv conv) {
        next++;
        int end = endOfFollowers(layers, next);
        Followers followers = followers(name, layers, next, end, output, outputs.get(end - 1));
        convolve(own, conv, (Shape.Image) shape, followers, ops);
        next = end;
      } else if (shape instanceof Shape.Image image && isFollower(layer)) {
        int end = endOfFollowers(layers, next);
        Followers followers = followers(name, layers, next, end, shape, outputs.get(end - 1));
        ops.add(new FollowersOp(image, followers));
        next = end;
      } else {
        add(own, layer, shape, ops);
        next++;
      }
      shape = outputs.get(next - 1);
    }
    return shape;
  }

  private static int endOfFollowers(List<Layer> layers, int from) {
    int end = from;
    while (end < layers.size() && isFollower(layers.get(end))) {
      end++;
    }
    return end;
  }

  private static boolean isFollower(Layer layer) {
    return layer instanceof Layer.Relu
        || layer instanceof Layer.LeakyRelu
        || layer instanceof Layer.MaxPool
        || layer instanceof Layer.BatchNorm;
  }

  private Followers followers(
      LayerName name, List<Layer> layers, int from, int end, Shape in, Shape out) {
    Shape.Image image = (Shape.Image) in;
    Shape.Image output = (Shape.Image) out;
    List<Layer> following = layers.subList(from, end);
    if (following.equals(List.of(new Layer.Relu()))) {
      return new ReluFollowers(image);
    }
    Layer pool2 = new Layer.MaxPool(MaxPoolFollowers.WINDOW);
    if (following.equals(List.of(pool2)) || following.equals(List.of(pool2, new Layer.Relu()))) {
      return new MaxPoolFollowers(image, output, following.size() > 1, maxImages);
    }
    int rows = 1;
    for (Layer layer : following) {
      rows *= layer instanceof Layer.MaxPool pool ? pool.window() : 1;
    }
    if (following.stream().anyMatch(l -> l instanceof Layer.BatchNorm)) {
      rows = image.height();
    }
    return new ChannelFollowers(image, output, rows, part -> chain(name, layers, from, end, part));
  }

  private Sequential chain(
      LayerName name, List<Layer> layers, int from, int end, Shape.Image part) {
    List<Op> ops = new ArrayList<>();
    Shape.Image image = part;
    for (int i = from; i < end; i++) {
      Layer layer = layers.get(i);
      if (layer instanceof Layer.BatchNorm norm) {
        ops.add(normalise(name.at(i), norm, image));
      } else if (layer instanceof Layer.MaxPool pool) {
        Shape.Image output = (Shape.Image) pool.output(image);
        if (pool.window() == MaxPoolFollowers.WINDOW) {
          boolean relu = i + 1 < end && layers.get(i + 1) instanceof Layer.Relu;
          ops.add(new FollowersOp(image, new MaxPoolFollowers(image, output, relu, maxImages)));
          i += relu ? 1 : 0;
        } else {
          ops.add(new MaxPoolOp(image, output, pool.window(), maxImages));
        }
        image = output;
      } else if (layer instanceof Layer.Relu) {
        ops.add(new ReluOp(image.size()));
      } else {
        ops.add(new LeakyReluOp(image.size()));
      }
    }
    return new Sequential(ops, maxImages);
  }

  private BatchNormOp normalise(LayerName name, Layer.BatchNorm norm, Shape shape) {
    boolean eachImage = norm.statistics() == Layer.BatchNorm.Statistics.EACH_IMAGE;
    Normalisation parameter = parameters.normalisation(name, norm.channels());
    return new BatchNormOp(parameter, shape, eachImage ? passes : 1, maxImages);
  }

  private void convolve(
      LayerName name, Layer.Conv conv, Shape.Image in, Followers followers, List<Op> ops) {
    Shape.Image image = in;
    if (conv.padding() > 0) {
      image = Cut.read(conv, followers.in());
      ops.add(new PadOp(in, image, conv.padding()));
    }
    if (WinogradOp.pays(conv, followers.in())) {
      WinogradFilters filters = parameters.winograd(name, conv.out(), conv.in());
      ops.add(new WinogradOp(filters, image, followers, maxImages));
      return;
    }
    if (followers instanceof MaxPoolFollowers pool && DirectConvOp.fits(conv)) {
      ops.add(new DirectConvOp(parameters.filters(name, shape(conv)), image, pool, maxImages));
      return;
    }
    ops.add(new ConvOp(parameters.filters(name, shape(conv)), image, followers, maxImages));
  }

  private void add(LayerName name, Layer layer, Shape in, List<Op> ops) {
    if (layer instanceof Layer.Linear linear) {
      ops.add(new LinearOp(parameters.affine(name, linear.out(), linear.in()), maxImages));
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
      ops.add(normalise(name, norm, in));
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

  /** Returns whether a layer of the network is a {@link WinogradOp}. */
  static boolean hasWinograd(SiameseNetwork network) {
    Shape output = network.body().output(network.bodyInput());
    return hasWinograd(network.body().layers(), network.bodyInput())
        || network.digitHead().stream().anyMatch(h -> hasWinograd(h.layers().layers(), output));
  }

  private static boolean hasWinograd(List<Layer> layers, Shape input) {
    List<Shape> outputs = Cut.outputs(layers, input);
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (hasWinograd(layer.layers(), shape)
          || (layer instanceof Layer.Conv conv
              && WinogradOp.pays(conv, (Shape.Image) outputs.get(i)))) {
        return true;
      }
      shape = outputs.get(i);
    }
    return false;
  }

  /** Returns whether the first layer that learns is a batch normalisation of images. */
  static boolean beginsWithBatchNorm(SiameseNetwork network) {
    Optional<Boolean> body = beginsWithBatchNorm(network.body().layers(), network.bodyInput());
    Shape output = network.body().output(network.bodyInput());
    return body.orElseGet(
        () ->
            network
                .digitHead()
                .flatMap(head -> beginsWithBatchNorm(head.layers().layers(), output))
                .orElse(false));
  }

  /** The same of some layers; empty if none of them learns. */
  private static Optional<Boolean> beginsWithBatchNorm(List<Layer> layers, Shape input) {
    List<Shape> outputs = Cut.outputs(layers, input);
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (layer instanceof Layer.Conv || layer instanceof Layer.Linear) {
        return Optional.of(false);
      }
      if (layer instanceof Layer.BatchNorm) {
        return Optional.of(shape instanceof Shape.Image);
      }
      Optional<Boolean> inner = beginsWithBatchNorm(layer.layers(), shape);
      if (inner.isPresent()) {
        return inner;
      }
      shape = outputs.get(i);
    }
    return Optional.empty();
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
