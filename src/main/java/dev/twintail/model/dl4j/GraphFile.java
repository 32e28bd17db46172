package dev.twintail.model.dl4j;

import dev.twintail.model.LayerName;
import dev.twintail.model.Weights;
import dev.twintail.network.Branches;
import dev.twintail.network.DigitRelation;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * A trained network as a file that Deeplearning4j's {@code ModelSerializer} reads: a graph of its
 * own layers and vertices alone.
 *
 * <p>Inputs are {@code first} and {@code second}, batches of images (rows, channels, height, width)
 * with pixels from 0 to 255. Outputs are {@code yes}, the probability that the answer is yes (of
 * {@link Head#ARITHMETIC} the answer itself, 0 or 1), and where the network reads digits {@code
 * digit1} and {@code digit2}, the probabilities of their classes.
 */
public final class GraphFile {
  /**
   * What turns the softmax into ones at the largest scores: a power of two, so exact, and large
   * enough for the smallest difference of two scores.
   */
  private static final double SHARP = 0x1p90;

  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final SiameseNetwork network;
  private final GraphBuilder graph;
  private final List<String> outputs = new ArrayList<>();

  /** Where tensors go: vertex, then DL4J's key, then the tensor. */
  private final Map<String, Map<String, String>> tensors = new LinkedHashMap<>();

  /** Vertices whose weights say of which classes a comparison holds. */
  private final Map<String, DigitRelation> comparisons = new LinkedHashMap<>();

  private GraphFile(SiameseNetwork network) {
    this.network = network;
    this.graph =
        new NeuralNetConfiguration.Builder()
            .seed(1) // Else the clock's.
            .dataType(DataType.FLOAT)
            .weightInit(WeightInit.ZERO)
            .updater(new NoOp())
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs("first", "second");
  }

  /**
   * Returns the bytes of the file, the same for the same arguments.
   *
   * @param weights all tensors of the network
   * @param mean of pixels, and {@code std} their deviation: the network reads (pixel − mean) / std
   * @throws IllegalArgumentException if a tensor is missing
   */
  public static byte[] of(SiameseNetwork network, Weights weights, float mean, float std) {
    Library.prepare();
    GraphFile file = new GraphFile(network);
    file.build(mean, std);
    file.graph.setOutputs(file.outputs.toArray(new String[0]));
    ComputationGraph built = new ComputationGraph(file.graph.build());
    built.init();
    file.fill(built, weights);
    try {
      return zip(built);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a graph of Deeplearning4j", e);
    }
  }

  private void build(float mean, float std) {
    String first = pixels("first", mean, std);
    String second = pixels("second", mean, std);
    Shape output = network.body().output(network.bodyInput());
    List<String> features = new ArrayList<>();
    if (network.branches() == Branches.MERGED) {
      String both = add("both", new MergeVertex(), first, second);
      features.add(chain("body", LayerName.of("body"), network.body(), network.bodyInput(), both));
    } else {
      features.addAll(
          branches(LayerName.bodies(network), network.body(), network.input(), first, second));
    }
    List<String> digits = features;
    if (network.digitHead().isPresent()) {
      LayerList head = network.digitHead().get().layers();
      digits =
          branches(LayerName.digitHeads(network), head, output, features.get(0), features.get(1));
    }
    String yes =
        switch (network.head()) {
          case LOGITS -> tail(features, output);
          case SOFTMAX -> tail(each(features, "softmax", 1), output);
          case ARGMAX -> tail(each(features, "argmax", SHARP), output);
          case ARITHMETIC -> compare(each(digits, "read", SHARP), network.comparison());
          case SOFT_ARITHMETIC -> compare(each(digits, "likely", 1), DigitRelation.AT_MOST);
        };
    outputs.add(yes);
    if (network.readsDigits()) {
      for (int image = 1; image <= 2; image++) {
        outputs.add(activation("digit" + image, Activation.SOFTMAX, digits.get(image - 1)));
      }
    }
  }

  private String pixels(String input, float mean, float std) {
    String shifted = add(input + ".shifted", new ShiftVertex(-mean), input);
    return add(input + ".pixels", new ScaleVertex(1.0 / std), shifted);
  }

  /** Adds layers for both images: once for both, or once each. */
  private List<String> branches(
      List<LayerName> names, LayerList layers, Shape input, String first, String second) {
    if (names.size() == 2) {
      return List.of(
          chain(names.get(0).toString(), names.get(0), layers, input, first),
          chain(names.get(1).toString(), names.get(1), layers, input, second));
    }
    String name = names.get(0).toString();
    String both = add(name + ".both", new StackVertex(), first, second);
    String read = chain(name, names.get(0), layers, input, both);
    return List.of(
        add(name + ".first", new UnstackVertex(0, 2), read),
        add(name + ".second", new UnstackVertex(1, 2), read));
  }

  /** Adds the tail, and the probability of yes by its outputs. */
  private String tail(List<String> features, Shape feature) {
    List<String> rows = new ArrayList<>();
    for (String one : features) {
      rows.add(flat(one + ".row", feature, one));
    }
    String joined =
        rows.size() == 1 ? rows.get(0) : add("joined", new MergeVertex(), rows.get(0), rows.get(1));
    Shape input = new Shape.Vector(network.tailInputs());
    String logits = chain("tail", LayerName.of("tail"), network.tail(), input, joined);
    if (network.tail().output(input).size() == 1) {
      return activation("yes", Activation.SIGMOID, logits);
    }
    return add("yes", new SubsetVertex(1, 1), activation("answer", Activation.SOFTMAX, logits));
  }

  private List<String> each(List<String> scores, String name, double sharpness) {
    List<String> read = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      String own = name + (scores.size() == 1 ? "" : i + 1);
      String scaled =
          sharpness == 1
              ? scores.get(i)
              : add(own + ".scaled", new ScaleVertex(sharpness), scores.get(i));
      read.add(activation(own, Activation.SOFTMAX, scaled));
    }
    return read;
  }

  /** Adds Σ p1(i)·p2(j) over the classes of which the comparison holds, by layers of ones. */
  private String compare(List<String> probabilities, DigitRelation comparison) {
    int classes = SiameseNetwork.CLASSES;
    comparisons.put("compared", comparison);
    add("compared", dense(classes, classes), probabilities.get(1));
    add(
        "products",
        new ElementWiseVertex(ElementWiseVertex.Op.Product),
        probabilities.get(0),
        "compared");
    return add("yes", dense(classes, 1), "products");
  }

  private static DenseLayer dense(int in, int out) {
    return new DenseLayer.Builder().nIn(in).nOut(out).hasBias(false).build();
  }

  private String chain(String vertex, LayerName name, LayerList layers, Shape input, String from) {
    String last = from;
    Shape shape = input;
    for (int i = 0; i < layers.layers().size(); i++) {
      Layer layer = layers.layers().get(i);
      last = layer(vertex + "." + i, name.at(i), layer, shape, last);
      shape = layer.output(shape);
    }
    return last;
  }

  private String layer(String vertex, LayerName name, Layer layer, Shape shape, String from) {
    if (layer instanceof Layer.Conv conv) {
      tensors.put(vertex, affine(name));
      return add(vertex, Configurations.of(conv, CNN2DFormat.NCHW), from);
    }
    if (layer instanceof Layer.Linear linear) {
      tensors.put(vertex, affine(name));
      return add(vertex, Configurations.of(linear), from);
    }
    if (layer instanceof Layer.MaxPool pool) {
      return add(vertex, Configurations.of(pool, CNN2DFormat.NCHW), from);
    }
    if (layer instanceof Layer.BatchNorm norm) {
      tensors.put(
          vertex,
          Map.of(
              "gamma", name.tensor("weight"),
              "beta", name.tensor("bias"),
              "mean", name.tensor("running_mean"),
              "var", name.tensor("running_var")));
      return add(
          vertex,
          new BatchNormalization.Builder()
              .nIn(norm.channels())
              .nOut(norm.channels())
              .eps(NormNode.EPSILON)
              .useLogStd(false)
              .build(),
          from);
    }
    if (layer instanceof Layer.Relu) {
      return activation(vertex, Activation.RELU, from);
    }
    if (layer instanceof Layer.LeakyRelu) {
      return activation(vertex, new ActivationLReLU(Layer.LeakyRelu.SLOPE), from);
    }
    if (layer instanceof Layer.Sigmoid) {
      return activation(vertex, Activation.SIGMOID, from);
    }
    if (layer instanceof Layer.Tanh) {
      return activation(vertex, Activation.TANH, from);
    }
    if (layer instanceof Layer.Dropout dropout) {
      return add(vertex, new DropoutLayer(1 - dropout.rate()), from);
    }
    if (layer instanceof Layer.Flatten) {
      return flat(vertex, shape, from);
    }
    if (layer instanceof Layer.Tied tied) {
      String last = from;
      for (int time = 1; time <= tied.times(); time++) {
        last = chain(vertex + "." + time, name, new LayerList(tied.layers()), shape, last);
      }
      return last;
    }
    if (layer instanceof Layer.Residual residual) {
      String inner = chain(vertex, name, new LayerList(residual.layers()), shape, from);
      return add(vertex, new ElementWiseVertex(ElementWiseVertex.Op.Add), from, inner);
    }
    if (layer instanceof Layer.Shared shared) {
      return chain(vertex, name.shared(), new LayerList(shared.layers()), shape, from);
    }
    throw new IllegalArgumentException("No Deeplearning4j layer for '" + layer.text() + "'");
  }

  private static Map<String, String> affine(LayerName name) {
    return Map.of("W", name.tensor("weight"), "b", name.tensor("bias"));
  }

  private String flat(String vertex, Shape shape, String from) {
    return shape instanceof Shape.Image image
        ? add(
            vertex,
            new PreprocessorVertex(
                new CnnToFeedForwardPreProcessor(image.height(), image.width(), image.channels())),
            from)
        : from;
  }

  private String activation(String vertex, Activation function, String from) {
    return activation(vertex, function.getActivationFunction(), from);
  }

  private String activation(String vertex, IActivation function, String from) {
    return add(vertex, new ActivationLayer(function), from);
  }

  private String add(String vertex, org.deeplearning4j.nn.conf.layers.Layer layer, String... from) {
    graph.addLayer(vertex, layer, from);
    return vertex;
  }

  private String add(String vertex, GraphVertex what, String... from) {
    graph.addVertex(vertex, what, from);
    return vertex;
  }

  private void fill(ComputationGraph built, Weights weights) {
    tensors.forEach(
        (vertex, byKey) ->
            byKey.forEach(
                (key, tensor) ->
                    fill(built.getLayer(vertex).getParam(key), weights.require(tensor))));
    comparisons.forEach(
        (vertex, comparison) -> {
          INDArray holds = built.getLayer(vertex).getParam("W");
          for (int first = 0; first < SiameseNetwork.CLASSES; first++) {
            for (int second = 0; second < SiameseNetwork.CLASSES; second++) {
              holds.putScalar(second, first, comparison.holds(first, second) ? 1 : 0);
            }
          }
          built.getLayer("yes").getParam("W").assign(1);
        });
  }

  private static void fill(INDArray place, Weights.Tensor tensor) {
    INDArray values = Nd4j.createFromArray(tensor.values());
    if (tensor.shape().size() == 2) {
      place.assign(values.reshape('c', tensor.shape().get(0), tensor.shape().get(1)).transpose());
    } else {
      place.assign(values.reshape('c', place.shape()));
    }
  }

  /** Writes what {@code ModelSerializer} would, without the time and without compression. */
  private static byte[] zip(ComputationGraph built) throws IOException {
    ByteArrayOutputStream parameters = new ByteArrayOutputStream();
    Nd4j.write(built.params(), new DataOutputStream(parameters));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(
          "configuration.json",
          built.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8),
          zip);
      put("coefficients.bin", parameters.toByteArray(), zip);
    }
    return bytes.toByteArray();
  }

  private static void put(String name, byte[] content, ZipOutputStream zip) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(EPOCH);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
