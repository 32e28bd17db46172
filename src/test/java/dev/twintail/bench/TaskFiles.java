package dev.twintail.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.model.BatchOrder;
import dev.twintail.model.EpochExamples;
import dev.twintail.model.Examples;
import dev.twintail.model.LossPicker;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.network.Loss;
import dev.twintail.network.TrainingConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A training as files that say all another program needs to train the same. Numbers are
 * little-endian, arrays row-major.
 *
 * <ul>
 *   <li>{@code task.json}: the network, the optimizer, and what is fixed for each epoch. Records
 *       are written as they are declared, {@code kind} being the class, so that a new layer is
 *       there by itself.
 *   <li>{@code initial.safetensors}: the weights to start from.
 *   <li>{@code train-images.f32} [epochs or 1, pairs, 2, features], {@code train-digits.i32}
 *       [epochs or 1, pairs, 2], {@code train-targets.i32} [epochs or 1, pairs]; 1 where all epochs
 *       learn the same pairs. {@code validation-…} likewise, always 1.
 *   <li>{@code orders.i32} [epochs, pairs]: the order in which an epoch visits its pairs.
 *   <li>{@code losses.f64} [epochs, steps, 2]: the weights of target and digit loss in each step.
 * </ul>
 */
final class TaskFiles {
  private static final JsonFactory JSON = new JsonFactory();

  private TaskFiles() {}

  static void write(Trainer.Task task, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(
        folder.resolve("initial.safetensors"), Safetensors.encode(Tasks.initial(task), Map.of()));
    write(EpochExamples.of(task), folder, "train");
    write(List.of(task.validation()), folder, "validation");
    int epochs = task.training().epochs();
    BatchOrder batches =
        new BatchOrder(task.train().size(), task.training(), task.seeds().shuffle());
    ByteBuffer orders = littleEndian(epochs * task.train().size() * Integer.BYTES);
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int pair : batches.nextEpoch()) {
        orders.putInt(pair);
      }
    }
    Files.write(folder.resolve("orders.i32"), orders.array());
    LossPicker picker = new LossPicker(task.loss(), task.seeds().coin());
    ByteBuffer losses = littleEndian(epochs * steps(task) * 2 * Double.BYTES);
    while (losses.hasRemaining()) {
      Loss loss = picker.next();
      losses.putDouble(loss.target()).putDouble(loss.digit());
    }
    Files.write(folder.resolve("losses.f64"), losses.array());
    Files.writeString(folder.resolve("task.json"), describe(task));
  }

  /** Returns the number of steps of an epoch. */
  static int steps(Trainer.Task task) {
    int batch = task.training().batch();
    return (task.train().size() + batch - 1) / batch;
  }

  private static void write(List<Examples> epochs, Path folder, String split) throws IOException {
    int images = epochs.stream().mapToInt(e -> e.images().length).sum();
    int digits = epochs.stream().mapToInt(e -> e.digits().length).sum();
    ByteBuffer imageFile = littleEndian(images * Float.BYTES);
    ByteBuffer digitFile = littleEndian(digits * Integer.BYTES);
    ByteBuffer targetFile = littleEndian(digits / 2 * Integer.BYTES);
    for (Examples examples : epochs) {
      for (float value : examples.images()) {
        imageFile.putFloat(value);
      }
      for (int digit : examples.digits()) {
        digitFile.putInt(digit);
      }
      for (int target : examples.targets()) {
        targetFile.putInt(target);
      }
    }
    Files.write(folder.resolve(split + "-images.f32"), imageFile.array());
    Files.write(folder.resolve(split + "-digits.i32"), digitFile.array());
    Files.write(folder.resolve(split + "-targets.i32"), targetFile.array());
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String describe(Trainer.Task task) throws IOException {
    TrainingConfig training = task.training();
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      field(json, "network", task.network());
      json.writeNumberField("parameters", task.network().parameters());
      field(json, "digit-reading", task.loss().digitLosses());
      field(json, "validation-loss", List.of(task.loss().target(), task.loss().digit()));
      field(json, "frozen", List.copyOf(new TreeSet<>(task.frozen())));
      field(json, "optimizer", training.optimizer());
      json.writeNumberField("batch", training.batch());
      json.writeNumberField("epochs", training.epochs());
      List<Double> rates = new ArrayList<>();
      List<Boolean> restarts = new ArrayList<>();
      for (int epoch = 1; epoch <= training.epochs(); epoch++) {
        rates.add(training.learningRate(epoch));
        restarts.add(training.schedule().restartsBefore(epoch));
      }
      field(json, "rates", rates);
      field(json, "restarts", restarts);
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void field(JsonGenerator json, String name, Object value) throws IOException {
    json.writeFieldName(name);
    write(json, value);
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Optional<?> optional) {
      if (optional.isPresent()) {
        write(json, optional.get());
      } else {
        json.writeNull();
      }
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Record record) {
      json.writeStartObject();
      json.writeStringField("kind", record.getClass().getSimpleName());
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        field(json, component.getName(), read(component, record));
      }
      json.writeEndObject();
    } else if (value instanceof Enum<?> constant) {
      json.writeString(constant.name());
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else {
      throw new IllegalArgumentException("Cannot describe " + value.getClass() + " to the peer");
    }
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("Cannot read " + component + " of " + record, e);
    }
  }
}
