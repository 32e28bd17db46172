package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Trainer;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every model of every pipeline that ships can be trained and evaluated, and gives the same bytes
 * alone and beside others. A few steps on few pairs, since bits go astray in the first ones.
 */
@Tag("slow")
class EveryModelTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final StageOutputs DATA = new StageOutputs();

  @Test
  void train_everyModelOfEveryPipeline_aloneAndSideBySide_givesTheSameBytes() throws Exception {
    Map<String, ModelSpec> models = Pipelines.models();
    assertThat(models).hasSizeGreaterThan(100);

    Map<String, Map<String, Digest>> alone = new LinkedHashMap<>();
    for (Map.Entry<String, ModelSpec> model : models.entrySet()) {
      alone.put(model.getKey(), digests(model.getValue()));
    }
    Map<String, Map<String, Digest>> together = new LinkedHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Map<String, Future<Map<String, Digest>>> running = new LinkedHashMap<>();
      models.forEach((name, model) -> running.put(name, threads.submit(() -> digests(model))));
      for (Map.Entry<String, Future<Map<String, Digest>>> run : running.entrySet()) {
        together.put(run.getKey(), run.getValue().get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(together).isEqualTo(alone);
    assertThat(alone.values().stream().map(d -> d.get(LearningColumns.WEIGHTS)).distinct())
        .as("distinct networks")
        .hasSizeGreaterThan(60);
  }

  /** Trains two epochs on 16 pairs and predicts as many. */
  private static Map<String, Digest> digests(ModelSpec model) throws IOException {
    DataSpec tiny = TINY.data();
    DataSpec data = new DataSpec(tiny.digits(), tiny.pool(), 20, 16, 4, DataSpec.Validation.RANDOM);
    Evaluate evaluate = Evaluate.of(Pipelines.shortened(model, 2, 8), data, TINY.seed(), 1);
    Trainer trainer = new BlasTrainer();
    Map<String, Blob> trained = run(evaluate.training(), Map.of(), trainer);
    Map<String, Digest> digests = new TreeMap<>();
    trained.forEach((name, blob) -> digests.put(name, blob.digest()));
    run(evaluate, Map.of("weights", trained.get(LearningColumns.WEIGHTS)), trainer)
        .forEach((name, blob) -> digests.put(name, blob.digest()));
    return digests;
  }

  private static Map<String, Blob> run(Stage stage, Map<String, Blob> given, Trainer trainer)
      throws IOException {
    Map<String, byte[]> inputs = new TreeMap<>();
    for (Map.Entry<String, Stage.Input> input : stage.inputs().entrySet()) {
      if (given.containsKey(input.getKey())) {
        inputs.put(input.getKey(), given.get(input.getKey()).bytes());
      } else if (input.getValue() instanceof Stage.Input.OutputOf output) {
        synchronized (DATA) {
          inputs.put(input.getKey(), DATA.bytes(output.stage(), output.output()));
        }
      }
    }
    return stage.run(inputs::get, trainer);
  }
}
