package dev.twintail.pipeline;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.twintail.action.Manifest;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Weights;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.Evaluate;
import dev.twintail.stage.Stage;
import dev.twintail.stage.TrainSiamese;
import dev.twintail.store.MemoryObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each quirk of a protocol does what its name says, and nothing else. */
class ProtocolRunTest {
  @TempDir private Path folder;

  private Experiment with(String protocol, String... models) throws IOException {
    String text =
        TinyExperiment.edited(
            "name: tiny", "name: quirky\nconditions: as-run\nprotocol: {" + protocol + "}");
    return ExperimentReader.read(TinyExperiment.write(folder, "quirky.yaml", text))
        .only(List.of(models));
  }

  private static List<Graph.Node> trainings(Experiment experiment) {
    return Graph.of(experiment, Choices.NONE).nodes().stream()
        .filter(n -> n.stage() instanceof TrainSiamese)
        .toList();
  }

  @Test
  void trainingPairs_firstRound_areLearntInEveryRound_withOtherSeeds() throws IOException {
    List<Graph.Node> trainings = trainings(with("training-pairs: first-round", "Logits"));

    assertThat(trainings).hasSize(2);
    assertThat(trainings.stream().map(n -> ((TrainSiamese) n.stage()).data().round()))
        .containsExactly(1, 1);
    assertThat(trainings.stream().map(n -> ((TrainSiamese) n.stage()).round()))
        .containsExactly(1, 2);
  }

  @Test
  void bothDraws_firstRound_needOneDataset() throws Exception {
    ExperimentRun.Summary summary =
        new Runs(new MemoryObjectStore())
            .run(with("training-pairs: first-round, test-pairs: first-round", "Logits"), 2);

    assertThat(Runs.executed(summary).stream().filter(a -> a.startsWith("data-gen")))
        .containsExactly("data-gen/Logits/1");
  }

  @Test
  void start_previousRound_goesOnFromItsWeights() throws Exception {
    Experiment warm = with("start: previous-round", "Logits");
    new Runs(new MemoryObjectStore()).run(warm, 2);
    List<Graph.Node> trainings = trainings(warm);

    TrainSiamese second = (TrainSiamese) trainings.get(1).stage();
    assertThat(second.previous()).contains((TrainSiamese) trainings.get(0).stage());
    assertThat(trainings.get(0).index()).isLessThan(trainings.get(1).index());
    Experiment frozen =
        ExperimentReader.read(
            TinyExperiment.write(
                folder,
                "still.yaml",
                TinyExperiment.edited(
                        "name: tiny",
                        "name: still\nconditions: as-run\nprotocol: {start: previous-round}")
                    .replace("learning-rate: 1.0e-3", "learning-rate: 1.0e-30")));
    Runs still = new Runs(new MemoryObjectStore());
    Experiment one = frozen.only(List.of("Logits"));
    still.run(one, 1);
    assertThat(sameBits(body(still, one, 1), body(still, one, 2)))
        .as("a step too small to matter leaves round 2 with the weights of round 1")
        .isTrue();
  }

  private static Weights body(Runs runs, Experiment experiment, int round) throws Exception {
    Manifest manifest =
        manifest(
            runs,
            experiment,
            stage -> stage instanceof TrainSiamese training && training.round() == round);
    return Safetensors.decode(runs.output(manifest, "weights.safetensors")).part("body");
  }

  private static Manifest manifest(Runs runs, Experiment experiment, Predicate<Stage> wanted)
      throws Exception {
    Plan plan = runs.plan(experiment);
    return plan.graph().nodes().stream()
        .filter(node -> wanted.test(node.stage()))
        .findFirst()
        .flatMap(plan::known)
        .orElseThrow()
        .manifest();
  }

  @Test
  void accuracy_batches_isTheUnweightedMeanOfBatchAccuracies() throws Exception {
    Runs runs = new Runs(new MemoryObjectStore());
    Experiment experiment = with("accuracy: batches", "Logits").withRounds(1);
    runs.run(experiment, 1);
    Manifest evaluated = manifest(runs, experiment, stage -> stage instanceof Evaluate);
    Table predictions = runs.table(evaluated, Evaluate.PREDICTIONS);
    Table evaluation = runs.table(evaluated, Evaluate.EVALUATION);

    // 50 test pairs in batches of 16: the last two pairs weigh as much as 16 others.
    double sum = 0;
    int correct = 0;
    for (int[] batch : new int[][] {{0, 16}, {16, 32}, {32, 48}, {48, 50}}) {
      int right = right(predictions, batch[0], batch[1]);
      correct += right;
      sum += right / (double) (batch[1] - batch[0]);
    }
    assertThat(evaluation.doubles("accuracy"))
        .containsExactly(new double[] {sum / 4}, offset(1e-15));
    assertThat(evaluation.ints("correct")).containsExactly(correct);
    assertThat(correct / 50.0).as("a plain mean is something else").isNotEqualTo(sum / 4);
  }

  private static int right(Table predictions, int from, int to) {
    int right = 0;
    for (int i = from; i < to; i++) {
      right += predictions.ints("predicted")[i] == predictions.ints("target")[i] ? 1 : 0;
    }
    return right;
  }

  @Test
  void deviation_population_dividesByN() throws Exception {
    double sample = deviation("deviation: sample");
    double population = deviation("deviation: population");

    assertThat(sample).isPositive();
    assertThat(population).isEqualTo(sample * Math.sqrt(0.5));
  }

  private double deviation(String protocol) throws Exception {
    Runs runs = new Runs(new MemoryObjectStore());
    Manifest results = runs.run(with(protocol, "Logits"), 2).results();
    return runs.table(results, CollectResults.SUMMARY).optionalDoubles("std")[0];
  }
}
