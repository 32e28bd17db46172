package dev.twintail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.Manifest;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.GenerateData;
import dev.twintail.stage.Stage;
import dev.twintail.stage.TrainSiamese;
import dev.twintail.store.MemoryObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run says of the numbers that its spec claims. */
class ClaimVerdictsTest {
  private static final String DRAWS =
      """
      extends: tiny.yaml
      name: draws
      conditions: as-run
      rounds: 2
      protocol: {training-pairs: first-round, test-pairs: first-round, tables: %d}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeBase() throws IOException {
    TinyExperiment.write(folder, "tiny.yaml", TinyExperiment.edited("rounds: 2\n", "rounds: 4\n"));
    Files.copy(folder.resolve("digits.yaml"), folder.resolve("fashion.yaml"));
  }

  private Experiment experiment(String text) throws IOException {
    Path own = Files.writeString(folder.resolve("own.yaml"), text);
    return ExperimentReader.read(own).only(List.of("Pixels", "PreTrain"));
  }

  private static Table table(Experiment experiment, String name) throws Exception {
    Runs runs = new Runs(new MemoryObjectStore());
    Manifest results = runs.run(experiment, 2).results();
    return runs.table(results, name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: {digits: fashion.yaml} | other conditions | data.digits is",
        "training: {epochs: 1} | other conditions | training.epochs is 1 instead of 2",
        "training: {adam: {learning-rate: 900}} | other conditions | learning-rate is 900",
        "rounds: 1 | inconclusive | No verdict under 3 rounds; there is 1 round.",
        "rounds: 2 | inconclusive | No verdict under 3 rounds; there are 2 rounds.",
      })
  void verdict_whereThereCanBeNone_isNoneWithTheReason(String text, String verdict, String reason)
      throws Exception {
    Table published =
        table(
            experiment("extends: tiny.yaml\nname: own\n" + text + "\n"), CollectResults.PUBLISHED);

    assertThat(published.strings("model").get(0)).isEqualTo("Pixels");
    assertThat(published.strings("verdict").get(0)).isIn(verdict, "inconclusive");
    if (published.strings("reason").get(0).contains("did not learn")) {
      assertThat(verdict).isEqualTo("inconclusive");
    } else {
      assertThat(published.strings("verdict")).containsOnly(verdict);
      assertThat(published.strings("reason")).allMatch(r -> r.contains(reason));
    }
  }

  @Test
  void verdict_whereMostRoundsDidNotLearn_isNoneAndNamesThem() throws Exception {
    Experiment wild =
        experiment(
            TinyExperiment.edited("rounds: 2\n", "rounds: 4\n")
                .replace("learning-rate: 1.0e-3", "learning-rate: 900"));

    Runs runs = new Runs(new MemoryObjectStore());
    Manifest results = runs.run(wild, 2).results();
    Table published = runs.table(results, CollectResults.PUBLISHED);
    Table evaluations = runs.table(results, CollectResults.EVALUATIONS);

    assertThat(published.strings("verdict")).containsOnly("inconclusive");
    for (int i = 0; i < published.rows(); i++) {
      String model = published.strings("model").get(i);
      long named = 0;
      for (int j = 0; j < evaluations.rows(); j++) {
        boolean idle = !evaluations.strings("learnt").get(j).equals("learnt");
        named += idle && evaluations.strings("model").get(j).equals(model) ? 1 : 0;
      }
      assertThat(published.ints("idle")[i]).isEqualTo((int) named).isGreaterThanOrEqualTo(2);
      assertThat(published.strings("reason").get(i)).contains("rounds did not learn");
    }
  }

  @Test
  void tables_ofOneDrawEach_areTheFirstOneAndOthersAnew() throws Exception {
    Set<Stage> one = stages(experiment(DRAWS.formatted(1)));
    Set<Stage> three = stages(experiment(DRAWS.formatted(3)));

    assertThat(three).containsAll(one);
    assertThat(
            three.stream()
                .filter(s -> s instanceof GenerateData)
                .map(s -> ((GenerateData) s).round()))
        .containsExactlyInAnyOrder(1, 3, 5);
    assertThat(
            three.stream()
                .filter(s -> s instanceof TrainSiamese)
                .map(s -> ((TrainSiamese) s).data().round() + " " + ((TrainSiamese) s).round())
                .distinct())
        .containsExactlyInAnyOrder("1 1", "1 2", "3 3", "3 4", "5 5", "5 6");
  }

  private static Set<Stage> stages(Experiment experiment) {
    return Graph.of(experiment, Choices.NONE).nodes().stream()
        .map(Graph.Node::stage)
        .filter(stage -> !(stage instanceof CollectResults))
        .collect(Collectors.toSet());
  }

  @Test
  void tables_thatGoOn_startAnewEach() throws Exception {
    Experiment warm =
        experiment(DRAWS.formatted(2).replace("tables", "start: previous-round, tables"));

    assertThat(
            stages(warm).stream()
                .filter(s -> s instanceof TrainSiamese)
                .map(
                    s ->
                        ((TrainSiamese) s).round()
                            + " after "
                            + ((TrainSiamese) s)
                                .previous()
                                .map(p -> Integer.toString(p.round()))
                                .orElse("nothing"))
                .distinct())
        .containsExactlyInAnyOrder("1 after nothing", "2 after 1", "3 after nothing", "4 after 3");
  }

  @Test
  void tables_four_areWhatTheClaimIsJudgedBy() throws Exception {
    Runs runs = new Runs(new MemoryObjectStore());
    Manifest results = runs.run(experiment(DRAWS.formatted(4)), 2).results();
    Table published = runs.table(results, CollectResults.PUBLISHED);
    Table summary = runs.table(results, CollectResults.SUMMARY);
    Table evaluations = runs.table(results, CollectResults.EVALUATIONS);
    Table variance = runs.table(results, CollectResults.VARIANCE);

    assertThat(published.strings("conditions")).containsOnly("as run");
    assertThat(published.strings("rounds_share")).containsOnly("draw");
    assertThat(published.ints("tables")).containsOnly(4);
    assertThat(published.ints("n")).containsOnly(8);
    assertThat(evaluations.ints("table")).startsWith(1, 1, 2, 2, 3, 3, 4, 4);
    assertThat(published.strings("verdict"))
        .isSubsetOf("consistent", "above", "below", "undecided");
    for (String name : List.of("ci95_low", "ci95_high")) {
      for (Double end : summary.optionalDoubles(name)) {
        assertThat(end).isBetween(0.0, 1.0);
      }
    }
    assertThat(variance.strings("source")).startsWith("pairs", "rest");
    double[] shares = variance.doubles("share");
    assertThat(DoubleStream.of(shares).sum()).isIn(0.0, 1.0, 2.0);
  }

  @Test
  void tables_one_doNotTellHowFarAnotherWouldBe() throws Exception {
    Table published =
        table(experiment(DRAWS.formatted(1).replace("rounds: 2", "rounds: 4")), "published.arrow");

    assertThat(published.strings("verdict")).containsOnly("undecided");
    assertThat(published.strings("reason"))
        .allMatch(r -> r.contains("there is one table") || r.contains("did not learn"));
  }
}
