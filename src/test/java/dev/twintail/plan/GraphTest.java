package dev.twintail.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionName;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import dev.twintail.stage.TrainSiamese;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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
            "data-gen/Digits/1",
            "train-siamese/Digits/1",
            "evaluate/Digits/1",
            "pretrain-body/PreTrain/1",
            "pretrain-tail/PreTrain/1",
            "train-siamese/PreTrain/1",
            "evaluate/PreTrain/1",
            "train-siamese/PreTrainRandom/1",
            "evaluate/PreTrainRandom/1",
            "results");
  }

  private static Map<StageName, Integer> counts(Graph graph) {
    Map<StageName, Integer> counts = new EnumMap<>(StageName.class);
    graph.nodes().forEach(node -> counts.merge(node.stage().name(), 1, Integer::sum));
    return counts;
  }

  @Test
  void names_ofAllActionsOfEveryPipeline_areEachOfOneAction() throws IOException {
    try (Stream<Path> specs = Files.list(Path.of("pipelines"))) {
      for (Path spec : specs.filter(p -> p.toString().matches(".*(?<!mnist)\\.yaml")).toList()) {
        Graph graph = Graph.of(ExperimentReader.read(spec).withRounds(2), Choices.NONE);

        assertThat(graph.nodes().stream().flatMap(node -> node.names().stream()))
            .as(spec.toString())
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void name_whenModelsAreAdded_stays() {
    Experiment part = VIELI.only(List.of("Digits")).withRounds(1);
    Set<ActionName> all = new HashSet<>();
    Graph.of(VIELI, Choices.NONE).nodes().forEach(node -> all.addAll(node.names()));

    assertThat(Graph.of(part, Choices.NONE).nodes())
        .isNotEmpty()
        .allMatch(node -> all.contains(node.name()));
  }
}
