import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.management.OperatingSystemMXBean;
import dev.twintail.blob.Blob;
import dev.twintail.model.BatchOrder;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Initialisation;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Optimizer;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import dev.twintail.stage.GenerateData;
import dev.twintail.stage.Stage;
import dev.twintail.stage.TrainSiamese;
import dev.twintail.store.BlobStore;
import dev.twintail.store.LocalObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Twintail's side of the comparison: reads names of models on stdin, trains each through the
 * pipeline's own stages (round 1, inputs and outputs in memory), and answers with one line of JSON
 * that tells the seconds of every training stage, by the wall's clock and by the processor's, all
 * threads of the JVM included. The first training of a model also writes down, after the clock has
 * stopped, all that another program needs to train the same.
 *
 * <p>Arguments: the spec, a store that holds the digits, the folder to write to.
 */
final class TrainBench {
  private static final JsonFactory JSON = new JsonFactory();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Experiment experiment;
  private final BlobStore blobs;
  private final Path folder;

  private TrainBench(Experiment experiment, BlobStore blobs, Path folder) {
    this.experiment = experiment;
    this.blobs = blobs;
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (LocalObjectStore objects = LocalObjectStore.open(Path.of(args[1]))) {
      TrainBench bench =
          new TrainBench(
              ExperimentReader.read(Path.of(args[0])),
              new BlobStore(objects, System.err::println),
              Path.of(args[2]));
      BufferedReader requests =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String model = requests.readLine(); model != null; model = requests.readLine()) {
        answers.println(bench.train(model));
      }
    }
  }

  /** One training stage as it ran. */
  private record Timed(
      String stage, double seconds, double cpu, Trainer.Task task, Trainer.Trained trained) {}

  private String train(String name) throws IOException {
    ModelSpec model = experiment.only(List.of(name)).models().get(0);
    GenerateData data = new GenerateData(experiment.data(), experiment.seed(), 1);
    List<Timed> timed = new ArrayList<>();
    run(TrainSiamese.of(model, data), new HashMap<>(), timed);
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (Timed one : timed) {
        Path target = folder.resolve(name).resolve(one.stage());
        if (!Files.exists(target)) {
          export(one, target);
        }
        json.writeStartObject();
        json.writeStringField("stage", one.stage());
        json.writeStringField("task", target.toString());
        json.writeNumberField("seconds", one.seconds());
        json.writeNumberField("cpu", one.cpu());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return text.toString();
  }

  /** Runs a stage after those it reads, each once, and notes those that train. */
  private Map<String, Blob> run(Stage stage, Map<Stage, Map<String, Blob>> done, List<Timed> timed)
      throws IOException {
    Map<String, Blob> known = done.get(stage);
    if (known != null) {
      return known;
    }
    Map<String, byte[]> inputs = new HashMap<>();
    for (Map.Entry<String, Stage.Input> input : stage.inputs().entrySet()) {
      Blob blob;
      if (input.getValue() instanceof Stage.Input.OutputOf output) {
        blob = run(output.stage(), done, timed).get(output.output());
      } else {
        blob = blobs.get(((Stage.Input.Pinned) input.getValue()).digest()).orElseThrow();
      }
      inputs.put(input.getKey(), blob.bytes());
    }
    Witness witness = new Witness();
    long cpuStart = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    Map<String, Blob> outputs = stage.run(inputs::get, witness);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = (PROCESS.getProcessCpuTime() - cpuStart) / 1e9;
    if (witness.task != null) {
      timed.add(new Timed(stage.name().label(), seconds, cpu, witness.task, witness.trained));
    }
    done.put(stage, outputs);
    return outputs;
  }

  /** The trainer of the pipeline, which remembers what it was asked and answered. */
  private static final class Witness implements Trainer {
    private final Trainer trainer = new BlasTrainer();
    private Task task;
    private Trained trained;

    @Override
    public Trained train(Task task) {
      this.task = task;
      trained = trainer.train(task);
      return trained;
    }

    @Override
    public Predictions predict(
        dev.twintail.model.Siamese network, dev.twintail.model.Weights weights, Examples examples) {
      return trainer.predict(network, weights, examples);
    }

    @Override
    public List<Field> environment() {
      return trainer.environment();
    }
  }

  private static void export(Timed timed, Path target) throws IOException {
    Trainer.Task task = timed.task();
    Files.createDirectories(target);
    write(task.train(), target, "train");
    write(task.validation(), target, "validation");
    Files.write(
        target.resolve("initial.safetensors"),
        Safetensors.encode(
            Initialisation.complete(task.network(), task.initial(), task.seeds().initialisation()),
            Map.of()));
    int epochs = task.training().epochs();
    BatchOrder batches =
        new BatchOrder(task.train().size(), task.training(), task.seeds().shuffle());
    ByteBuffer orders = littleEndian(epochs * task.train().size());
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int pair : batches.nextEpoch()) {
        orders.putInt(pair);
      }
    }
    Files.write(target.resolve("orders.i32"), orders.array());
    Files.writeString(target.resolve("task.json"), describe(timed));
  }

  private static void write(Examples examples, Path target, String split) throws IOException {
    ByteBuffer images = littleEndian(examples.images().length);
    images.asFloatBuffer().put(examples.images());
    Files.write(target.resolve(split + "-images.f32"), images.array());
    ByteBuffer digits = littleEndian(examples.digits().length);
    digits.asIntBuffer().put(examples.digits());
    Files.write(target.resolve(split + "-digits.i32"), digits.array());
    ByteBuffer targets = littleEndian(examples.targets().length);
    targets.asIntBuffer().put(examples.targets());
    Files.write(target.resolve(split + "-targets.i32"), targets.array());
  }

  private static ByteBuffer littleEndian(int values) {
    return ByteBuffer.allocate(values * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String describe(Timed timed) {
    Trainer.Task task = timed.task();
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("input", task.network().input().keyWord());
      layers(json, "body", task.network().body());
      json.writeStringField("head", task.network().head().keyWord());
      layers(json, "tail", task.network().tail());
      json.writeNumberField("parameters", task.network().parameters());
      json.writeArrayFieldStart("frozen");
      for (Trainer.Part part : task.frozen()) {
        json.writeString(part.name());
      }
      json.writeEndArray();
      json.writeNumberField("target", task.loss().target());
      json.writeNumberField("digit", task.loss().digit());
      json.writeStringField("mix", task.loss().mix().name());
      json.writeNumberField("epochs", task.training().epochs());
      json.writeNumberField("batch", task.training().batch());
      Optimizer.Adam adam = (Optimizer.Adam) task.training().optimizer();
      json.writeNumberField("learning_rate", adam.learningRate());
      json.writeNumberField("beta1", adam.beta1());
      json.writeNumberField("beta2", adam.beta2());
      json.writeNumberField("epsilon", adam.epsilon());
      json.writeArrayFieldStart("curves");
      for (Trainer.Point point : timed.trained().curves()) {
        json.writeStartArray();
        json.writeNumber(point.epoch());
        json.writeString(point.split());
        json.writeString(point.metric());
        json.writeNumber(point.value());
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void layers(JsonGenerator json, String name, LayerList list) throws IOException {
    json.writeArrayFieldStart(name);
    for (Layer layer : list.layers()) {
      json.writeString(layer.text());
    }
    json.writeEndArray();
  }
}
