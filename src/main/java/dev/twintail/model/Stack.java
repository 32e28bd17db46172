package dev.twintail.model;

import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
import dev.twintail.model.Weights.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A layer list made ready to compute: a body or a tail with its buffers. Not thread-safe. */
final class Stack implements AutoCloseable {
  private final int maxImages;
  private final List<Op> ops = new ArrayList<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final List<float[]> activations = new ArrayList<>();
  private final List<float[]> gradients = new ArrayList<>();
  private final int firstTrainable;
  private float[] input = {};

  /**
   * @param name prefix of the tensor names, {@code body} or {@code tail}
   * @param maxImages the largest batch
   */
  Stack(String name, LayerList list, Shape inputShape, int maxImages) {
    this.maxImages = maxImages;
    compile(name, list.layers(), inputShape);
    int first = 0;
    while (first < ops.size() && !ops.get(first).hasParameters()) {
      first++;
    }
    firstTrainable = first;
    for (Op op : ops) {
      activations.add(new float[op.outputs * maxImages]);
      gradients.add(new float[op.inputs * maxImages]);
    }
  }

  private void compile(String name, List<Layer> layers, Shape inputShape) {
    Shape shape = inputShape;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Shape output = layer.output(shape);
      compile(name + "." + i, layer, shape, output);
      shape = output;
    }
  }

  private void compile(String name, Layer layer, Shape in, Shape out) {
    if (layer instanceof Layer.Conv conv) {
      List<Integer> shape = List.of(conv.out(), conv.in(), conv.kernel(), conv.kernel());
      ops.add(new ConvOp(parameter(name, shape), (Shape.Image) in, (Shape.Image) out, maxImages));
    } else if (layer instanceof Layer.Linear linear) {
      ops.add(new LinearOp(parameter(name, List.of(linear.out(), linear.in())), maxImages));
    } else if (layer instanceof Layer.MaxPool pool) {
      ops.add(new MaxPoolOp((Shape.Image) in, (Shape.Image) out, pool.window(), maxImages));
    } else if (layer instanceof Layer.Relu) {
      ops.add(new ReluOp(in.size()));
    } else if (layer instanceof Layer.Tied tied) {
      for (int use = 0; use < tied.times(); use++) {
        compile(name, tied.layers(), in);
      }
    } else if (!(layer instanceof Layer.Flatten)) {
      throw new IllegalArgumentException("Cannot compute layer '" + layer.text() + "'");
    }
    // Flatten changes no byte: activations are stored channel by channel, row by row anyway.
  }

  /** Returns the parameter of that name, the same one for every use of a tied layer. */
  private Parameter parameter(String name, List<Integer> shape) {
    return parameters.computeIfAbsent(name, n -> new Parameter(n, shape));
  }

  void load(Weights weights) {
    parameters.values().forEach(p -> p.load(weights));
  }

  List<Tensor> tensors() {
    return parameters.values().stream().flatMap(p -> p.tensors().stream()).toList();
  }

  List<Tensor> gradientTensors() {
    return parameters.values().stream().flatMap(p -> p.gradientTensors().stream()).toList();
  }

  boolean hasParameters() {
    return !parameters.isEmpty();
  }

  /** Returns the outputs for {@code n} images; valid until the next pass. */
  float[] forward(float[] x, int n) {
    input = x;
    float[] current = x;
    for (int i = 0; i < ops.size(); i++) {
      float[] next = activations.get(i);
      ops.get(i).forward(current, next, n);
      current = next;
    }
    return current;
  }

  /**
   * Passes the gradient of the last forward pass's outputs back.
   *
   * @param train whether the parameters accumulate their gradients
   * @param wantInput whether the gradient of the inputs is wanted
   * @return the gradient of the inputs, or null if it is not wanted
   */
  float @Nullable [] backward(float[] dy, boolean train, boolean wantInput, int n) {
    int last = wantInput ? 0 : firstTrainable;
    float[] current = dy;
    for (int i = ops.size() - 1; i >= last; i--) {
      float[] x = i == 0 ? input : activations.get(i - 1);
      float @Nullable [] dx = i > last || wantInput ? gradients.get(i) : null;
      ops.get(i).backward(x, activations.get(i), current, dx, train, n);
      if (dx != null) {
        current = dx;
      }
    }
    return wantInput ? current : null;
  }

  void clearGradients() {
    parameters.values().forEach(Parameter::clearGradient);
  }

  void step(Training.Adam adam) {
    parameters.values().forEach(p -> p.step(adam));
  }

  @Override
  public void close() {
    ops.forEach(Op::close);
    parameters.values().forEach(Parameter::close);
  }
}
