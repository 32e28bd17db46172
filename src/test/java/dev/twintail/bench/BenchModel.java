package dev.twintail.bench;

import dev.twintail.spec.DataSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import dev.twintail.stage.TrainSiamese;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A model that can be measured.
 *
 * @param name spec and model, such as {@code vieli2021/ConvTail}
 * @param seed root of the experiment's random streams
 */
record BenchModel(String name, ModelSpec model, DataSpec data, long seed) {
  /** No experiments of their own: a data set, the models of the others, and a rehearsal. */
  private static final Set<String> OTHERS = Set.of("mnist.yaml", "all.yaml", "smoke.yaml");

  /** Returns all models of all specs in a folder; of each report the common protocol first. */
  static List<BenchModel> all(Path pipelines) throws IOException {
    List<Path> specs;
    try (Stream<Path> files = Files.list(pipelines)) {
      specs =
          files
              .filter(file -> file.toString().endsWith(".yaml"))
              .filter(file -> !OTHERS.contains(file.getFileName().toString()))
              .sorted(Comparator.comparing(BenchModel::isVariant).thenComparing(file -> file))
              .toList();
    }
    List<BenchModel> models = new ArrayList<>();
    for (Path spec : specs) {
      Experiment experiment = ExperimentReader.read(spec);
      for (ModelSpec model : experiment.models()) {
        models.add(
            new BenchModel(
                experiment.name() + "/" + model.name(),
                model,
                experiment.data(),
                experiment.seed()));
      }
    }
    return models;
  }

  private static boolean isVariant(Path spec) {
    return spec.getFileName().toString().contains("-");
  }

  /** Returns the first of those {@code models} whose steps do the same work. */
  static List<BenchModel> distinct(Collection<BenchModel> models) {
    Map<Object, BenchModel> distinct = new LinkedHashMap<>();
    models.forEach(model -> distinct.putIfAbsent(model.work(), model));
    return List.copyOf(distinct.values());
  }

  /** Returns the training of the first round. */
  TrainSiamese training() {
    return training(data);
  }

  /** Returns the training of the first round on other pairs than the experiment's. */
  TrainSiamese training(DataSpec pairs) {
    return TrainSiamese.of(model, pairs, seed, 1, 1);
  }

  /** What a step's time depends on: not on rates, weights of losses, or how long to go on. */
  private Object work() {
    TrainSiamese training = training();
    return List.of(
        training.network(),
        training.loss().target() != 0,
        training.loss().digit() != 0,
        training.loss().mix(),
        training.loss().digit() == 0 ? "" : training.loss().digitLosses(),
        training.training().batch(),
        training.training().optimizer().getClass(),
        training.training().augment(),
        training.pretrainedTail().isPresent(),
        training.frozenTail(),
        training.pretrainedBody().isPresent());
  }
}
