package dev.twintail.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.Initialisation;
import dev.twintail.model.Weights;
import dev.twintail.random.Seed;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiameseNetworkTest {
  @TempDir private Path folder;

  @Test
  void parameters_ofEveryModel_areThoseOfTheTensors() throws IOException {
    Path spec = folder.resolve("spec.yaml");
    Files.writeString(
        spec,
        """
        extends: %s
        name: own
        bodies:
          part: [flatten, "linear -> 12", tied 2: [shared: ["linear -> 12", tanh]]]
        digit-heads:
          part: ["linear -> 9", residual: [shared: ["linear -> 9"]], "linear -> 10"]
          dead: ["linear -> 9", shared-by-accident: ["linear -> 9"], "linear -> 10"]
        tails: {answer: ["linear -> 2"]}
        models:
          Part:
            {body: part, branches: separate, digit-head: {layers: part, branches: separate},
             head: logits, tail: answer, loss: {target: 1.0, digit: 1.0}}
          Dead:
            {body: part, digit-head: {layers: dead, branches: separate},
             head: logits, tail: answer, loss: {target: 1.0, digit: 1.0}}
        """
            .formatted(Path.of("pipelines/vieli2021.yaml").toAbsolutePath()));
    Experiment experiment = ExperimentReader.read(spec);
    List<ModelSpec> models = experiment.models();

    assertThat(models).hasSize(12);
    for (ModelSpec model : models) {
      Weights weights =
          Initialisation.complete(
              model.network(), Weights.NONE, Seed.derive(1, "test", "weights", 1));
      int values = weights.tensors().stream().mapToInt(t -> t.values().length).sum();
      assertThat(model.network().parameters()).as(model.name()).isEqualTo(values);
    }
  }
}
