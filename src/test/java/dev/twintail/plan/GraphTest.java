package dev.twintail.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import dev.twintail.stage.TrainSiamese;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static final Experiment VIELI =
      ExperimentReader.read(Path.of("pipelines/vieli2021.yaml"));

  @Test
  void nodes_ofVieli2021_areTenModelsTimesTenRoundsWithSharedParts() {
    Graph graph = Graph.of(VIELI, Choices.NONE);

    assertThat(counts(graph))
        .containsExactly(
            Map.entry(StageName.DATA_GEN, 10),
            Map.entry(StageName.PRETRAIN_TAIL, 10),
            Map.entry(StageName.PRETRAIN_BODY, 10),
            Map.entry(StageName.TRAIN_SIAMESE, 100),
            Map.entry(StageName.EVALUATE, 100),
            Map.entry(StageName.RESULTS, 1));
    assertThat(graph.nodes()).hasSize(231);
  }

  @Test
  void nodes_ofTheTwoPreTrainModels_shareTailAndBodyInEveryRound() {
    for (Graph.Node node : Graph.of(VIELI, Choices.NONE).nodes()) {
      if (node.stage().name() == StageName.PRETRAIN_TAIL
          || node.stage().name() == StageName.PRETRAIN_BODY) {
        assertThat(node.models()).containsExactly("PreTrain", "PreTrainRandom");
      }
    }
  }

  @Test
  void nodes_ofOneRound_readTheSameData() {
    Graph graph = Graph.of(VIELI.withRounds(1), Choices.NONE);

    List<TrainSiamese> trainings =
        graph.nodes().stream()
            .map(Graph.Node::stage)
            .filter(TrainSiamese.class::isInstance)
            .map(TrainSiamese.class::cast)
            .toList();

    assertThat(trainings).hasSize(10);
    assertThat(trainings.stream().map(TrainSiamese::data).distinct()).hasSize(1);
  }

  @Test
  void nodes_comeAfterThoseTheyRead_andKnowTheirPosition() {
    List<Graph.Node> nodes = Graph.of(VIELI, Choices.NONE).nodes();

    for (int i = 0; i < nodes.size(); i++) {
      assertThat(nodes.get(i).index()).isEqualTo(i);
      for (Stage.Input input : nodes.get(i).stage().inputs().values()) {
        if (input instanceof Stage.Input.OutputOf output) {
          assertThat(nodes.subList(0, i)).extracting(Graph.Node::stage).contains(output.stage());
        }
      }
    }
  }

  @Test
  void nodes_ofFewerRounds_areAmongThoseOfMore() {
    List<Stage> few =
        Graph.of(VIELI.withRounds(2), Choices.NONE).nodes().stream()
            .map(Graph.Node::stage)
            .toList();
    List<Stage> more =
        Graph.of(VIELI.withRounds(3), Choices.NONE).nodes().stream()
            .map(Graph.Node::stage)
            .toList();

    assertThat(more).containsAll(few.subList(0, few.size() - 1));
  }

  @Test
  void node_text_namesStageModelAndRound() {
    Graph graph =
        Graph.of(
            VIELI.only(List.of("Digits", "PreTrain", "PreTrainRandom")).withRounds(1),
            Choices.NONE);

    assertThat(graph.nodes().stream().map(Graph.Node::toString))
        .containsExactly(
            "data-gen 3 models round 1",
            "train-siamese Digits round 1",
            "evaluate Digits round 1",
            "pretrain-body 2 models round 1",
            "pretrain-tail 2 models round 1",
            "train-siamese PreTrain round 1",
            "evaluate PreTrain round 1",
            "train-siamese PreTrainRandom round 1",
            "evaluate PreTrainRandom round 1",
            "results 3 models");
  }

  private static Map<StageName, Integer> counts(Graph graph) {
    Map<StageName, Integer> counts = new EnumMap<>(StageName.class);
    graph.nodes().forEach(node -> counts.merge(node.stage().name(), 1, Integer::sum));
    return counts;
  }
}
