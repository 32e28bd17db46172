package dev.twintail.stage;

import dev.twintail.network.TrainingConfig;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The models of the pipelines that ship. */
final class Pipelines {
  private Pipelines() {}

  /** Returns every model of every pipeline that ships, by pipeline and name. */
  static Map<String, ModelSpec> models() throws IOException {
    Map<String, ModelSpec> models = new LinkedHashMap<>();
    for (Experiment experiment : experiments()) {
      experiment.models().forEach(m -> models.put(experiment.name() + "/" + m.name(), m));
    }
    return models;
  }

  /** Returns what the sweeps of the pipelines try, where the first candidate wins each step. */
  static Map<String, ModelSpec> trials() throws IOException {
    Map<String, ModelSpec> trials = new LinkedHashMap<>();
    for (Experiment experiment : experiments()) {
      for (SweepSpec sweep : experiment.sweeps()) {
        for (int step = 0; step < sweep.steps().size(); step++) {
          List<ModelSpec> models = sweep.trials(Collections.nCopies(step, 0));
          for (int i = 0; i < models.size(); i++) {
            String name = sweep.name() + ":" + (step + 1) + "." + (i + 1);
            trials.put(experiment.name() + "/" + name, models.get(i));
          }
        }
      }
    }
    return trials;
  }

  private static List<Experiment> experiments() throws IOException {
    List<Path> specs;
    try (Stream<Path> files = Files.list(Path.of("pipelines"))) {
      specs =
          files
              .filter(f -> f.toString().endsWith(".yaml"))
              .filter(f -> !f.endsWith("mnist.yaml")) // Names the digits; no experiment.
              .filter(f -> !f.endsWith("all.yaml")) // The models of the others under other names.
              .sorted()
              .toList();
    }
    return specs.stream().map(ExperimentReader::read).toList();
  }

  /** Returns a model that trains for few epochs, in small batches. */
  static ModelSpec shortened(ModelSpec m, int epochs, int batch) {
    TrainingConfig t = m.training();
    return new ModelSpec(
        m.name(),
        m.bodyName(),
        m.digitHeadName(),
        m.tailName(),
        m.network(),
        m.loss(),
        new TrainingConfig(
            epochs, batch, t.shuffle(), t.standardize(), t.optimizer(), t.schedule(), t.augment()),
        m.pretrainTail(),
        m.pretrainBody(),
        m.protocol(),
        new ArrayList<>(m.published()),
        m.remark());
  }
}
