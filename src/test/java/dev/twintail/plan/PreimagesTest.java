package dev.twintail.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.Preimage;
import dev.twintail.blob.Digest;
import dev.twintail.model.BlasTrainer;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.stage.StageName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PreimagesTest {
  private final Preimages preimages = Preimages.of(new BlasTrainer());
  private final Graph graph =
      Graph.of(ExperimentReader.read(Path.of("pipelines/vieli2021.yaml")), Choices.NONE);

  /** Who is computed otherwise than before has another key, and nobody else. */
  @Test
  void of_networks_keyHoldsHowEachIsComputed() {
    assertThat(models(StageName.TRAIN_SIAMESE, false)).containsOnly("FCBaseline", "FCAux");
    assertThat(models(StageName.TRAIN_SIAMESE, true)).contains("ConvNet").doesNotContain("FCAux");
    assertThat(models(StageName.EVALUATE, false)).containsOnly("FCBaseline", "FCAux");
    assertThat(models(StageName.PRETRAIN_BODY, true)).contains("PreTrain");
    assertThat(models(StageName.PRETRAIN_TAIL, false)).contains("PreTrain");
    assertThat(models(StageName.DATA_GEN, true)).isEmpty();
  }

  /** Returns the models whose keys of a stage say, or do not, how they are computed. */
  private Set<String> models(StageName stage, boolean told) {
    return graph.nodes().stream()
        .filter(n -> n.stage().name() == stage)
        .filter(
            n ->
                preimage(n).fields().stream().anyMatch(f -> f.name().equals("engine.convolution"))
                    == told)
        .flatMap(n -> n.models().stream())
        .collect(Collectors.toSet());
  }

  private Preimage preimage(Graph.Node node) {
    Map<String, Digest> inputs = new TreeMap<>();
    node.stage().inputs().keySet().forEach(r -> inputs.put(r, Digest.of(r.getBytes(UTF_8))));
    return preimages.of(node.stage(), inputs);
  }
}
