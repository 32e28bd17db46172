package dev.twintail.bench;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.network.Augmentation;
import dev.twintail.network.Layer;
import dev.twintail.spec.DataSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark works: each of its models trains, and is told to the peer as it is. */
class TrainBenchTest {
  private static final Path PIPELINES = Path.of("pipelines");
  private static final Path SCRIPTS = Path.of("ci", "bench");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DigitBlobs DIGITS = DigitBlobs.fixture();

  @TempDir private Path folder;

  @Test
  void train_twoEpochsOfEveryModel_givesFiniteLosses() throws IOException {
    for (BenchModel model : models()) {
      JsonNode answer = JSON.readTree(tiny(model).train(1));

      assertThat(answer.get("wall").asDouble()).as(model.name()).isPositive();
      assertThat(answer.get("losses")).as(model.name()).isNotEmpty();
      for (JsonNode stage : answer.get("losses")) {
        assertThat(stage).as(model.name()).isNotEmpty();
        for (JsonNode epoch : stage) {
          assertThat(epoch).as(model.name()).hasSize(2);
          epoch.forEach(loss -> assertThat(loss.asDouble()).isFinite().isPositive());
        }
      }
    }
  }

  @Test
  void write_everyModel_tellsItAsItIs() throws IOException {
    for (BenchModel model : models()) {
      TrainBench bench = tiny(model);
      Path tasks = folder.resolve(model.name());
      bench.write(tasks);

      for (Map.Entry<String, Trainer.Task> entry : bench.tasks().entrySet()) {
        Path written = tasks.resolve(entry.getKey()).resolve("all");
        Trainer.Task task = entry.getValue();
        JsonNode told = JSON.readTree(written.resolve("task.json").toFile());
        assertThat(
                sameBits(
                    Safetensors.decode(Files.readAllBytes(written.resolve("initial.safetensors"))),
                    Tasks.initial(task)))
            .as(model.name())
            .isTrue();
        assertThat(texts(told.at("/network/body")))
            .as(model.name())
            .isEqualTo(task.network().body().text());
        assertThat(texts(told.at("/network/tail")))
            .as(model.name())
            .isEqualTo(task.network().tail().text());
        assertThat(told.at("/network/head").asText()).isEqualTo(task.network().head().name());
        assertThat(told.get("rates").get(0).asDouble())
            .isEqualTo(task.training().optimizer().learningRate());
        requirePairs(written, task, model.name());
      }
    }
  }

  /** Requires that each epoch visits every pair once, and that the pairs are all there. */
  private static void requirePairs(Path written, Trainer.Task task, String name)
      throws IOException {
    int pairs = task.train().size();
    int epochs = task.training().epochs();
    boolean plain = task.training().augment().equals(Augmentation.NONE);
    int sets = plain ? 1 : epochs;
    int[] order = ints(written.resolve("orders.i32"));
    assertThat(order).as(name).hasSize(epochs * pairs);
    for (int epoch = 0; epoch < epochs; epoch++) {
      assertThat(Arrays.copyOfRange(order, epoch * pairs, (epoch + 1) * pairs))
          .as(name)
          .containsExactlyInAnyOrder(IntStream.range(0, pairs).toArray());
    }
    int[] digits = ints(written.resolve("train-digits.i32"));
    int[] targets = ints(written.resolve("train-targets.i32"));
    assertThat(targets).as(name).hasSize(sets * pairs);
    for (int i = 0; i < targets.length; i++) {
      assertThat(targets[i]).as(name).isEqualTo(digits[2 * i] <= digits[2 * i + 1] ? 1 : 0);
    }
    assertThat(Files.size(written.resolve("train-images.f32")))
        .as(name)
        .isEqualTo((long) sets * task.train().images().length * Float.BYTES);
    assertThat(Files.size(written.resolve("losses.f64")))
        .as(name)
        .isEqualTo((long) epochs * TaskFiles.steps(task) * 2 * Double.BYTES);
  }

  /** A layer that the peer cannot build would only be noticed where PyTorch is at hand. */
  @Test
  void peer_layersOfEveryModel_areThoseItKnows() throws IOException {
    String peer = Files.readString(SCRIPTS.resolve("peer.py"));
    for (Class<?> layer : Layer.class.getPermittedSubclasses()) {
      assertThat(peer).contains("case \"" + layer.getSimpleName() + "\"");
    }
  }

  @Test
  void compare_modelsByDefault_areSixteenThatExist() throws IOException {
    String script = Files.readString(SCRIPTS.resolve("compare.py"));
    String list = script.substring(script.indexOf("SIXTEEN = ["), script.indexOf("]\n"));
    List<String> named = new ArrayList<>();
    Matcher names = Pattern.compile("\"([^\"]+)\"").matcher(list);
    while (names.find()) {
      named.add(names.group(1));
    }

    assertThat(named).hasSize(16).doesNotHaveDuplicates();
    assertThat(BenchModel.all(PIPELINES).stream().map(BenchModel::name)).containsAll(named);
  }

  @Test
  void distinct_ofAllPipelines_hasEachReportAndBeyond() throws IOException {
    Set<String> specs = new TreeSet<>();
    models().forEach(model -> specs.add(model.name().substring(0, model.name().indexOf('/'))));

    assertThat(specs)
        .contains("beyond", "carparelli2019", "chahed", "fu", "salimbeni", "vieli2021");
  }

  /** Needs a Python with PyTorch: {@code TWINTAIL_BENCH_PYTHON=…/bin/python mvn test}. */
  @Test
  @Tag("slow")
  @EnabledIfEnvironmentVariable(
      named = "TWINTAIL_BENCH_PYTHON",
      matches = ".+",
      disabledReason = "no Python with PyTorch is named")
  void check_everyModel_getsThePeersLosses() throws Exception {
    Process peer =
        new ProcessBuilder(
                System.getenv("TWINTAIL_BENCH_PYTHON"), SCRIPTS.resolve("peer.py").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Writer requests = new OutputStreamWriter(peer.getOutputStream(), StandardCharsets.UTF_8);
        BufferedReader answers =
            new BufferedReader(
                new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(answers.readLine()).as("ready").isNotNull();
      for (BenchModel model : models()) {
        TrainBench bench = tiny(model);
        Path tasks = folder.resolve(model.name());
        bench.write(tasks);
        JsonNode ours = JSON.readTree(bench.check()).get("steps");
        int stage = 0;
        for (String name : bench.tasks().keySet()) {
          ObjectNode request = JSON.createObjectNode().put("do", "check");
          requests.write(request.put("task", tasks.resolve(name + "/steps").toString()) + "\n");
          requests.flush();
          String answer = answers.readLine();
          assertThat(answer).as("%s %s: the peer's answer", model.name(), name).isNotNull();
          JsonNode theirs = JSON.readTree(answer).get("losses");
          for (int split = 0; split < 2; split++) {
            double own = ours.get(stage).get(0).get(split).asDouble();
            assertThat(theirs.get(split).asDouble())
                .as("%s %s", model.name(), name)
                .isCloseTo(own, withinPercentage(0.001));
          }
          stage++;
        }
      }
    } finally {
      peer.destroy();
      peer.waitFor();
    }
  }

  private static List<BenchModel> models() throws IOException {
    return BenchModel.distinct(BenchModel.all(PIPELINES));
  }

  /** Returns two epochs on 20 pairs, which leaves no batch of one. */
  private static TrainBench tiny(BenchModel model) throws IOException {
    DataSpec all = DIGITS.pairs(model.data());
    DataSpec few = new DataSpec(all.digits(), all.pool(), 24, 4, 4, DataSpec.Validation.RANDOM);
    return TrainBench.of(new BenchModel(model.name(), model.model(), few, model.seed()), DIGITS, 2);
  }

  private static int[] ints(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int[] values = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(values);
    return values;
  }

  /** Returns layers as a spec writes them. */
  private static String texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.get("layers").forEach(layer -> texts.add(text(layer)));
    return "[" + String.join(", ", texts) + "]";
  }

  private static String text(JsonNode layer) {
    String kind = layer.get("kind").asText();
    String inner = layer.has("layers") ? texts(layer) : "";
    return switch (kind) {
      case "Conv" ->
          "conv %d -> %d %dx%d"
                  .formatted(
                      layer.get("in").asInt(),
                      layer.get("out").asInt(),
                      layer.get("kernel").asInt(),
                      layer.get("kernel").asInt())
              + (layer.get("padding").asInt() == 0 ? "" : " pad " + layer.get("padding").asInt());
      case "Linear" ->
          "linear %d -> %d".formatted(layer.get("in").asInt(), layer.get("out").asInt());
      case "MaxPool" -> "max-pool " + layer.get("window").asInt();
      case "Dropout" -> "dropout " + layer.get("rate").asDouble();
      case "BatchNorm" ->
          "batch-norm "
              + layer.get("channels").asInt()
              + (layer.get("statistics").asText().equals("POOLED") ? " pooled" : "");
      case "Tied" -> "tied " + layer.get("times").asInt() + ": " + inner;
      case "Residual" -> "residual: " + inner;
      case "Shared" ->
          (layer.get("spare").asText().equals("NONE") ? "shared: " : "shared-by-accident: ")
              + inner;
      case "LeakyRelu" -> "leaky-relu";
      default -> kind.toLowerCase(Locale.ROOT);
    };
  }
}
