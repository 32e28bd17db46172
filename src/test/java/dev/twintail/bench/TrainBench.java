package dev.twintail.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.management.OperatingSystemMXBean;
import dev.twintail.data.DigitsUnavailableException;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Trainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Trains one model as often as it is told to, one line of JSON for each line of stdin.
 *
 * <p>{@code TrainBench list PIPELINES} prints a line for each model whose steps do other work than
 * those before. {@code TrainBench serve PIPELINES MODEL EPOCHS CACHE TASKS DIGITS} writes the
 * model's trainings of at most so many epochs, stage by stage, into TASKS, where DIGITS is a folder
 * or {@code find}, answers what they are, and then to
 *
 * <ul>
 *   <li>{@code train N}: trains all stages N times and answers with the seconds by the wall's
 *       clock, the processor's (all threads of the JVM) and the thread's, and with the losses;
 *   <li>{@code check}: trains the first epoch of each stage, and its first steps, and answers with
 *       the losses of both.
 * </ul>
 */
final class TrainBench {
  private static final JsonFactory JSON = new JsonFactory();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Map<String, Trainer.Task> tasks;
  private final Trainer trainer = new BlasTrainer();

  /**
   * @param tasks by stage, in the order of training
   */
  TrainBench(Map<String, Trainer.Task> tasks) {
    this.tasks = new LinkedHashMap<>(tasks);
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    double start = PROCESS.getProcessCpuTime() / 1e9;
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<BenchModel> models = BenchModel.all(Path.of(args[1]));
    if (args[0].equals("list")) {
      BenchModel.distinct(models).forEach(model -> answers.println(model.name()));
      return;
    }
    Optional<BenchModel> found = models.stream().filter(m -> m.name().equals(args[2])).findFirst();
    if (found.isEmpty()) {
      System.err.println(
          "ci/bench: Cannot find model '"
              + args[2]
              + "': expected a spec and a model of it, as in vieli2021/Digits");
      System.exit(2);
    }
    BenchModel model = found.get();
    DigitBlobs digits = digits(model, args[6], Path.of(args[4]));
    TrainBench bench = of(model, digits, Integer.parseInt(args[3]));
    bench.write(Path.of(args[5]));
    answers.println(bench.describe(digits.digits().name(), start));
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(
          line.equals("check")
              ? bench.check()
              : bench.train(Integer.parseInt(line.substring("train ".length()))));
    }
  }

  private static DigitBlobs digits(BenchModel model, String where, Path cache)
      throws IOException, InterruptedException {
    try {
      Optional<Path> folder = where.equals("find") ? Optional.empty() : Optional.of(Path.of(where));
      return DigitBlobs.find(model.data().digits(), folder, cache);
    } catch (DigitsUnavailableException e) {
      System.err.println("ci/bench: " + e.getMessage());
      return DigitBlobs.fixture();
    }
  }

  /** Returns the trainings of a model, of at most {@code epochs} epochs each. */
  static TrainBench of(BenchModel model, DigitBlobs digits, int epochs) throws IOException {
    Map<String, Trainer.Task> tasks =
        Tasks.of(model.training(digits.pairs(model.data())), digits.blobs());
    tasks.replaceAll((stage, task) -> Tasks.shortened(task, epochs));
    return new TrainBench(tasks);
  }

  /** Returns the tasks by stage. */
  Map<String, Trainer.Task> tasks() {
    return tasks;
  }

  /**
   * Writes what there is of each stage into a folder of its name: all, first epoch, first steps.
   */
  void write(Path folder) throws IOException {
    for (Map.Entry<String, Trainer.Task> task : tasks.entrySet()) {
      Path stage = folder.resolve(task.getKey());
      TaskFiles.write(task.getValue(), stage.resolve("all"));
      TaskFiles.write(Tasks.firstEpoch(task.getValue()), stage.resolve("epoch"));
      TaskFiles.write(Tasks.firstSteps(task.getValue()), stage.resolve("steps"));
    }
  }

  private String describe(String digits, double start) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("digits", digits);
      json.writeStringField("java", Runtime.version().toString());
      json.writeNumberField("start", start);
      json.writeObjectFieldStart("environment");
      for (Trainer.EnvironmentField field : trainer.environment()) {
        json.writeStringField(field.name(), field.value());
      }
      json.writeEndObject();
      json.writeNumberField(
          "steps",
          tasks.values().stream().mapToInt(t -> t.training().epochs() * TaskFiles.steps(t)).sum());
      json.writeArrayFieldStart("stages");
      for (String stage : tasks.keySet()) {
        json.writeString(stage);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  /** Trains all stages, {@code times} times in a row. */
  String train(int times) throws IOException {
    List<List<Trainer.HistoryPoint>> curves = new ArrayList<>();
    long cpu = PROCESS.getProcessCpuTime();
    long thread = THREADS.getCurrentThreadCpuTime();
    long wall = System.nanoTime();
    for (int i = 0; i < times; i++) {
      curves.clear();
      for (Trainer.Task task : tasks.values()) {
        curves.add(trainer.train(task).curves());
      }
    }
    wall = System.nanoTime() - wall;
    thread = THREADS.getCurrentThreadCpuTime() - thread;
    cpu = PROCESS.getProcessCpuTime() - cpu;
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("wall", wall / 1e9);
      json.writeNumberField("cpu", cpu / 1e9);
      json.writeNumberField("thread", thread / 1e9);
      losses(json, "losses", curves);
      json.writeEndObject();
    }
    return text.toString();
  }

  /** Trains the first epoch and the first steps of each stage. */
  String check() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      losses(json, "epoch", curves(Tasks::firstEpoch));
      losses(json, "steps", curves(Tasks::firstSteps));
      json.writeEndObject();
    }
    return text.toString();
  }

  private List<List<Trainer.HistoryPoint>> curves(UnaryOperator<Trainer.Task> part) {
    return tasks.values().stream().map(task -> trainer.train(part.apply(task)).curves()).toList();
  }

  /** Writes, for each stage and epoch, the loss of training and, if measured, of validation. */
  private static void losses(
      JsonGenerator json, String name, List<List<Trainer.HistoryPoint>> stages) throws IOException {
    json.writeArrayFieldStart(name);
    for (List<Trainer.HistoryPoint> curves : stages) {
      Map<Integer, List<Double>> epochs = new LinkedHashMap<>();
      for (Trainer.HistoryPoint point : curves) {
        if (point.metric().equals("loss")) {
          epochs.computeIfAbsent(point.epoch(), e -> new ArrayList<>()).add(point.value());
        }
      }
      json.writeStartArray();
      for (List<Double> epoch : epochs.values()) {
        json.writeArray(epoch.stream().mapToDouble(d -> d).toArray(), 0, epoch.size());
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }
}
