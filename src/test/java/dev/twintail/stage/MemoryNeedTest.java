package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.NetworkMemory;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryNeedTest {
  private static final long MIB = 1L << 20;

  @TempDir private Path folder;

  /** The engine takes no more at once than there are. */
  @Test
  void of_aBatchBeyondAllPairs_isThatOfAllPairs() throws IOException {
    Experiment all = tiny("batch: 16", "batch: 60");
    Experiment beyond = tiny("batch: 16", "batch: 1000000");

    assertThat(MemoryNeed.of(training(beyond))).isEqualTo(MemoryNeed.of(training(all)));
  }

  @Test
  void of_results_growsWithTheirCurves() throws IOException {
    // Two splits of two metrics for Pixels; two rounds.
    long more = 1_000 * 2L * 2 * 2;

    assertThat(MemoryNeed.of(results(tiny("epochs: 2\n  batch", "epochs: 1002\n  batch"))))
        .isEqualTo(MemoryNeed.of(results(TinyExperiment.read())) + more * 300 * 3 / 2);
  }

  private Experiment tiny(String passage, String replacement) throws IOException {
    return ExperimentReader.read(
        TinyExperiment.write(folder, "own.yaml", TinyExperiment.edited(passage, replacement)));
  }

  private static TrainSiamese training(Experiment experiment) {
    return TrainSiamese.of(experiment.models().get(0), experiment.data(), 0, 1, 1);
  }

  private static Stage results(Experiment experiment) {
    return Graph.of(experiment.only(List.of("Pixels")), Choices.NONE).nodes().stream()
        .map(Graph.Node::stage)
        .filter(stage -> stage instanceof CollectResults)
        .findFirst()
        .orElseThrow();
  }

  /** On a data set so small that nothing but the network counts. */
  @Test
  void of_everyModelThatShips_isMoreThanItsNetworkTakes() throws IOException {
    DataSpec data = TinyExperiment.read().data();
    for (Map.Entry<String, ModelSpec> model : Pipelines.models().entrySet()) {
      TrainSiamese training = TrainSiamese.of(model.getValue(), data, 0, 1, 1);
      int pairs = Math.max(training.training().batch(), 100);

      long real = NetworkMemory.bytesOutsideTheHeap(training.network(), pairs);

      assertThat(MemoryNeed.of(training))
          .as(model.getKey())
          .isGreaterThan(real)
          .isLessThan(6 * real + 64 * MIB);
    }
  }
}
