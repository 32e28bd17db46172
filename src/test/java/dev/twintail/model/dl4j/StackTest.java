package dev.twintail.model.dl4j;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.Initialisation;
import dev.twintail.model.LayerName;
import dev.twintail.model.Weights;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Each layer in double precision against loops written out here, and against differences. */
class StackTest {
  private static final Seed SEED = Seed.derive(1, "test", "stack", 1);
  private static final int ROWS = 3;

  @BeforeAll
  static void prepare() {
    Library.prepare();
  }

  static List<Arguments> stacks() {
    Shape image = new Shape.Image(2, 7, 6);
    Layer tied = new Layer.Tied(3, List.of(new Layer.Linear(5, 5), new Layer.Relu()));
    return List.of(
        Arguments.of("conv", image, List.of(new Layer.Conv(2, 3, 3, 0))),
        Arguments.of("conv 2x2", image, List.of(new Layer.Conv(2, 4, 2, 0))),
        Arguments.of("max-pool, odd height", image, List.of(new Layer.MaxPool(2))),
        Arguments.of("max-pool 3", image, List.of(new Layer.MaxPool(3))),
        Arguments.of("relu of image", image, List.of(new Layer.Relu())),
        Arguments.of("relu of vector", new Shape.Vector(5), List.of(new Layer.Relu())),
        Arguments.of("flatten", image, List.of(new Layer.Flatten())),
        Arguments.of("flatten of vector", new Shape.Vector(5), List.of(new Layer.Flatten())),
        Arguments.of("linear", new Shape.Vector(5), List.of(new Layer.Linear(5, 4))),
        Arguments.of("tied", new Shape.Vector(5), List.of(tied)),
        Arguments.of("empty", new Shape.Vector(5), List.of()),
        Arguments.of(
            "all",
            image,
            List.of(
                new Layer.Conv(2, 3, 2, 0),
                new Layer.MaxPool(2),
                new Layer.Relu(),
                new Layer.Conv(3, 5, 2, 0),
                new Layer.Relu(),
                new Layer.Flatten(),
                new Layer.Linear(10, 5),
                tied,
                new Layer.Linear(5, 2))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stacks")
  void forward_equals_plainLoops(String name, Shape input, List<Layer> layers) {
    Weights weights = weights(input, layers);
    double[] rows = draw(ROWS * input.size(), 1);
    try (Built stack = stack(input, layers, weights)) {
      assertThat(stack.forward(rows, ROWS))
          .containsExactly(Reference.forward(input, layers, weights, rows), within(1e-12));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stacks")
  void backward_equals_centralDifferences(String name, Shape input, List<Layer> layers) {
    Weights weights = weights(input, layers);
    double[] rows = draw(ROWS * input.size(), 1);
    double[] errors = draw(ROWS * new LayerList(layers).output(input).size(), 2);
    try (Built stack = stack(input, layers, weights)) {
      stack.forward(rows, ROWS);
      double[] gradient = stack.backward(errors);
      double h = 1e-5;
      for (int i = 0; i < rows.length; i++) {
        double[] above = rows.clone();
        double[] below = rows.clone();
        above[i] += h;
        below[i] -= h;
        double slope =
            (dot(errors, Reference.forward(input, layers, weights, above))
                    - dot(errors, Reference.forward(input, layers, weights, below)))
                / (2 * h);
        assertThat(gradient[i]).as("input %d", i).isCloseTo(slope, within(1e-7));
      }
      for (Weights.Tensor tensor : weights.tensors()) {
        double[] found = stack.parameters.gradient(tensor.name());
        for (int i = 0; i < found.length; i++) {
          float value = tensor.values()[i];
          float up = value + 0x1p-14f;
          float down = value - 0x1p-14f;
          tensor.values()[i] = up;
          double high = dot(errors, Reference.forward(input, layers, weights, rows));
          tensor.values()[i] = down;
          double low = dot(errors, Reference.forward(input, layers, weights, rows));
          tensor.values()[i] = value;
          assertThat(found[i])
              .as("%s[%d]", tensor.name(), i)
              .isCloseTo((high - low) / ((double) up - down), within(1e-6));
        }
      }
    }
  }

  @Test
  void step_is_pytorchsAdam() {
    Shape input = new Shape.Vector(4);
    List<Layer> layers = List.of(new Layer.Tied(2, List.of(new Layer.Linear(4, 4))));
    Weights weights = weights(input, layers);
    Optimizer.Adam adam = new Optimizer.Adam(1e-2, 0.9, 0.999, 1e-3);
    double[] m = new double[16];
    double[] v = new double[16];
    double[] expected = new double[16];
    for (int i = 0; i < 16; i++) {
      expected[i] = weights.find("body.0.0.weight").orElseThrow().values()[i];
    }
    try (Built stack = stack(input, layers, weights)) {
      for (int t = 1; t <= 5; t++) {
        stack.forward(draw(4 * ROWS, t), ROWS);
        stack.backward(draw(4 * ROWS, 10 + t));
        double[] g = stack.parameters.gradient("body.0.0.weight");
        stack.parameters.step(adam, adam.learningRate());
        for (int i = 0; i < 16; i++) {
          m[i] = 0.9 * m[i] + 0.1 * g[i];
          v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
          double mean = m[i] / (1 - Math.pow(0.9, t));
          double square = v[i] / (1 - Math.pow(0.999, t));
          expected[i] -= 1e-2 * mean / (Math.sqrt(square) + 1e-3);
        }
      }
      float[] actual = stack.parameters.weights().find("body.0.0.weight").orElseThrow().values();
      for (int i = 0; i < 16; i++) {
        assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-6));
      }
    }
  }

  @Test
  void weights_without_aStep_keepTheirBits() {
    List<Layer> layers = List.of(new Layer.Conv(1, 3, 2, 0), new Layer.Flatten());
    Shape input = new Shape.Image(1, 3, 3);
    Weights weights = weights(input, layers);
    try (Built stack = new Built(input, layers, weights, DataType.FLOAT)) {
      assertThat(sameBits(stack.parameters.weights(), weights)).isTrue();
    }
  }

  private static Built stack(Shape input, List<Layer> layers, Weights weights) {
    return new Built(input, layers, weights, DataType.DOUBLE);
  }

  /** A stack with what it needs. */
  private static final class Built implements AutoCloseable {
    private final ArrayScope scope = new ArrayScope();
    private final Dl4jParameters parameters;
    private final Dl4jStack stack;

    Built(Shape input, List<Layer> layers, Weights weights, DataType type) {
      parameters = new Dl4jParameters(weights, type);
      stack =
          new Dl4jStack(LayerName.of("body"), new LayerList(layers), input, 1, parameters, scope);
    }

    double[] forward(double[] rows, int n) {
      scope.begin();
      return stack.forward(rows, n, null);
    }

    double[] backward(double[] errors) {
      parameters.clearGradients();
      return stack.backward(errors, true);
    }

    @Override
    public void close() {
      scope.close();
    }
  }

  private static Weights weights(Shape input, List<Layer> layers) {
    SiameseNetwork network =
        SiameseNetwork.shared(input, new LayerList(layers), Head.LOGITS, new LayerList(List.of()));
    return Initialisation.complete(network, Weights.NONE, SEED);
  }

  private static double[] draw(int n, int stream) {
    Draws draws = new Draws(Seed.derive(2, "test", "rows", stream));
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = draws.symmetric(1);
    }
    return values;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The layers' definitions as loops over one row at a time. */
  private static final class Reference {
    static double[] forward(Shape input, List<Layer> layers, Weights weights, double[] rows) {
      List<Double> outputs = new ArrayList<>();
      for (int start = 0; start < rows.length; start += input.size()) {
        double[] x = new double[input.size()];
        System.arraycopy(rows, start, x, 0, x.length);
        for (double value : all("body", input, layers, weights, x)) {
          outputs.add(value);
        }
      }
      return outputs.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] all(
        String prefix, Shape input, List<Layer> layers, Weights weights, double[] row) {
      double[] x = row;
      Shape shape = input;
      for (int i = 0; i < layers.size(); i++) {
        x = one(prefix + "." + i, shape, layers.get(i), weights, x);
        shape = layers.get(i).output(shape);
      }
      return x;
    }

    private static double[] one(
        String name, Shape shape, Layer layer, Weights weights, double[] x) {
      double[] y = new double[layer.output(shape).size()];
      if (layer instanceof Layer.Linear linear) {
        float[] w = weights.find(name + ".weight").orElseThrow().values();
        float[] b = weights.find(name + ".bias").orElseThrow().values();
        for (int o = 0; o < y.length; o++) {
          y[o] = b[o];
          for (int i = 0; i < x.length; i++) {
            y[o] += (double) w[o * linear.in() + i] * x[i];
          }
        }
      } else if (layer instanceof Layer.Conv conv) {
        float[] w = weights.find(name + ".weight").orElseThrow().values();
        float[] b = weights.find(name + ".bias").orElseThrow().values();
        Shape.Image in = (Shape.Image) shape;
        Shape.Image out = (Shape.Image) layer.output(shape);
        int k = conv.kernel();
        for (int p = 0; p < y.length; p++) {
          int column = p % out.width();
          int row = p / out.width() % out.height();
          int o = p / out.width() / out.height();
          y[p] = b[o];
          for (int q = 0; q < conv.in() * k * k; q++) {
            int i = q / k / k;
            int at = (i * in.height() + row + q / k % k) * in.width() + column + q % k;
            y[p] += (double) w[o * conv.in() * k * k + q] * x[at];
          }
        }
      } else if (layer instanceof Layer.MaxPool pool) {
        Shape.Image in = (Shape.Image) shape;
        Shape.Image out = (Shape.Image) layer.output(shape);
        int k = pool.window();
        for (int p = 0; p < y.length; p++) {
          int column = p % out.width() * k;
          int row = p / out.width() % out.height() * k;
          int channel = p / out.width() / out.height();
          y[p] = Double.NEGATIVE_INFINITY;
          for (int q = 0; q < k * k; q++) {
            int at = (channel * in.height() + row + q / k) * in.width() + column + q % k;
            y[p] = Math.max(y[p], x[at]);
          }
        }
      } else if (layer instanceof Layer.Relu) {
        for (int i = 0; i < x.length; i++) {
          y[i] = Math.max(0, x[i]);
        }
      } else if (layer instanceof Layer.Flatten) {
        y = x;
      } else if (layer instanceof Layer.Tied tied) {
        y = x;
        for (int time = 0; time < tied.times(); time++) {
          y = all(name, shape, tied.layers(), weights, y);
        }
      }
      return y;
    }
  }
}
