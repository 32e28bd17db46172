package dev.twintail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.SelectSetting;
import dev.twintail.stage.Stage;
import dev.twintail.stage.TrainSiamese;
import dev.twintail.stats.Sample;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps: chosen on validation pairs, step by step, out of ordinary cached actions. */
class SweepRunTest {
  private static final String SWEEP =
      """

        Won:
          chosen-by: search
      sweeps:
        search:
          model: SoftMax
          rounds: 2
          steps:
            - {training.epochs: [1, 4], loss.digit: [0.5, 1.0]}
            - {training.adam.learning-rate: [0.001, 0.01, 0.1]}
      """;

  @TempDir private Path folder;

  private Experiment swept(String edited) throws IOException {
    String text = TinyExperiment.edited("name: tiny", "name: swept");
    return ExperimentReader.read(
        TinyExperiment.write(folder, "swept.yaml", text.stripTrailing() + edited));
  }

  @Test
  void run_sweep_triesEachStepOnTopOfTheLastWinner_andTrainsTheChosenModel() throws Exception {
    Runs runs = new Runs(new MemoryObjectStore());

    ExperimentRun.Summary summary = runs.run(swept(SWEEP), 2);

    Table sweeps = runs.table(summary.results(), CollectResults.SWEEPS);
    assertThat(sweeps.ints("step")).containsExactly(1, 1, 1, 1, 2, 2, 2);
    assertThat(sweeps.ints("n")).containsOnly(2);
    assertThat(sweeps.strings("setting").subList(0, 5))
        .containsExactly(
            "training.epochs=1 loss.digit=0.5",
            "training.epochs=1 loss.digit=1.0",
            "training.epochs=4 loss.digit=0.5",
            "training.epochs=4 loss.digit=1.0",
            "training.adam.learning-rate=0.001");
    int first = winner(sweeps, 0, 4);
    int second = winner(sweeps, 4, 7);
    assertThat(sweeps.ints("chosen")[first]).isEqualTo(1);
    assertThat(sweeps.ints("chosen")[second]).isEqualTo(1);
    assertThat(Arrays.stream(sweeps.ints("chosen")).sum()).isEqualTo(2);
    Table evaluations = runs.table(summary.results(), CollectResults.EVALUATIONS);
    assertThat(evaluations.strings("model")).endsWith("Won", "Won");
    assertThat(expected(sweeps, first, second))
        .as("the chosen model is the base model under the winning settings, to the bit")
        .isEqualTo(accuracies(evaluations, "Won"));
  }

  @Test
  void run_sweep_judgesEveryTrialOnTestPairs_andTellsWhatChoosingByThemBuys() throws Exception {
    Runs runs = new Runs(new MemoryObjectStore());
    String authors =
        SWEEP.stripTrailing()
            + """

                authors:
                  setting: {training.epochs: 4, loss.digit: 1, training.adam.learning-rate: 1.0e-2}
                  accuracy: 90
                  where: "their table"
            """;

    ExperimentRun.Summary summary = runs.run(swept(authors), 2);

    Table sweeps = runs.table(summary.results(), CollectResults.SWEEPS);
    Table searches = runs.table(summary.results(), CollectResults.SEARCHES);
    double[] validation = sweeps.doubles("validation_accuracy");
    double[] test = sweeps.doubles("test_accuracy");
    int chosen = winner(sweeps, 4, 7);
    int best = 0;
    for (int i = 1; i < test.length; i++) {
      best = test[i] > test[best] ? i : best;
    }
    assertThat(searches.strings("sweep")).containsExactly("search");
    assertThat(searches.ints("trials")).containsExactly(7);
    assertThat(searches.strings("validation_choice").get(0))
        .contains("training.epochs=", "loss.digit=", sweeps.strings("setting").get(chosen));
    assertThat(searches.strings("test_choice").get(0))
        .contains(sweeps.strings("setting").get(best));
    assertThat(searches.doubles("validation_choice_validation"))
        .containsExactly(validation[chosen]);
    assertThat(searches.doubles("validation_choice_test")).containsExactly(test[chosen]);
    assertThat(searches.doubles("curse")).containsExactly(validation[chosen] - test[chosen]);
    assertThat(searches.doubles("optimism")).containsExactly(test[best] - validation[best]);
    assertThat(searches.doubles("gain")).containsExactly(test[best] - test[chosen]);
    assertThat(searches.doubles("honest_difference"))
        .containsExactly(validation[best] - test[chosen]);
    assertThat(searches.optionalDoubles("authors_accuracy")).containsExactly(0.9);
    Table evaluations = runs.table(summary.results(), CollectResults.EVALUATIONS);
    assertThat(Sample.of(accuracies(evaluations, "Won")).mean())
        .as("the trial that won is the chosen model")
        .isEqualTo(test[chosen]);
    if (searches
        .strings("validation_choice")
        .get(0)
        .startsWith("training.epochs=4 loss.digit=1.0")) {
      assertThat(searches.optionalDoubles("authors_choice_test")).containsExactly(test[5]);
    }
  }

  @Test
  void select_ofASearch_readsNoEvaluation() throws Exception {
    Plan plan = new Runs(new MemoryObjectStore()).plan(swept(SWEEP));

    assertThat(plan.graph().nodes().stream().map(Graph.Node::stage))
        .filteredOn(SelectSetting.class::isInstance)
        .isNotEmpty()
        .flatMap(stage -> stage.inputs().values())
        .allMatch(
            input ->
                input instanceof Stage.Input.OutputOf output
                    && output.stage() instanceof TrainSiamese
                    && output.output().equals("curves.arrow"));
    assertThat(plan.pending().stream().filter(n -> n.toString().startsWith("evaluate/search:1.")))
        .hasSize(8);
  }

  /** Trains the base model with the winning settings written out. */
  private List<Double> expected(Table sweeps, int first, int second) throws Exception {
    String[] settings = sweeps.strings("setting").get(first).split("[ =]");
    String rate = sweeps.strings("setting").get(second).split("=")[1];
    String model =
        "\n  Won:\n    body: conv\n    head: softmax\n    tail: deep\n    training: {epochs: "
            + settings[1]
            + ", adam: {learning-rate: "
            + rate
            + "}}\n    loss: {target: 1.0, digit: "
            + settings[3]
            + "}\n";
    Runs runs = new Runs(new MemoryObjectStore());
    ExperimentRun.Summary summary = runs.run(swept(model).only(List.of("Won")), 2);
    return accuracies(runs.table(summary.results(), CollectResults.EVALUATIONS), "Won");
  }

  @Test
  void run_sweepAgain_executesNothing_andAnotherGridOnlyWhatItAdds() throws Exception {
    ObjectStore objects = new MemoryObjectStore();
    ExperimentRun.Summary summary = new Runs(objects).run(swept(SWEEP), 2);

    ExperimentRun.Summary again = new Runs(objects).run(swept(SWEEP), 1);
    ExperimentRun.Summary more =
        new Runs(objects)
            .run(swept(SWEEP.replace("[0.001, 0.01, 0.1]", "[0.001, 0.01, 0.1, 0.2]")), 2);

    assertThat(Runs.executed(again)).isEmpty();
    assertThat(again.results()).isEqualTo(summary.results());
    assertThat(Runs.executed(more))
        .containsExactly(
            "evaluate/search:2.4/1",
            "evaluate/search:2.4/2",
            "results",
            "select/search/step-2",
            "train-siamese/search:2.4/1",
            "train-siamese/search:2.4/2");
  }

  @Test
  void plan_sweepUndecided_endsWithItsFirstStep_andHasNoResults() throws Exception {
    Plan plan = new Runs(new MemoryObjectStore()).plan(swept(SWEEP));

    assertThat(plan.graph().results()).isEmpty();
    assertThat(
            plan.pending().stream().filter(n -> n.toString().startsWith("train-siamese/search:1.")))
        .hasSize(8);
    assertThat(plan.graph().nodes().stream().flatMap(node -> node.models().stream()))
        .contains("search")
        .doesNotContain("Won");
  }

  private static int winner(Table sweeps, int from, int to) {
    int best = from;
    for (int i = from; i < to; i++) {
      if (sweeps.doubles("validation_accuracy")[i] > sweeps.doubles("validation_accuracy")[best]) {
        best = i;
      }
    }
    return best;
  }

  private static List<Double> accuracies(Table evaluations, String model) {
    List<Double> accuracies = new ArrayList<>();
    for (int i = 0; i < evaluations.rows(); i++) {
      if (evaluations.strings("model").get(i).equals(model)) {
        accuracies.add(evaluations.doubles("accuracy")[i]);
      }
    }
    return accuracies;
  }
}
