package dev.twintail.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Trainer;
import dev.twintail.network.Head;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import dev.twintail.stage.Effort;
import dev.twintail.stage.Evaluate;
import dev.twintail.stage.TrainSiamese;
import dev.twintail.store.BlobStore;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.upkeep.LeasedStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentRunTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final List<String> MODELS =
      List.of("Pixels", "Logits", "SoftMax", "ArgMax", "Arithmetic", "PreTrain", "PreTrainRandom");

  /** A store that holds all of {@link #TINY}. */
  private static final ObjectStore FULL = new MemoryObjectStore();

  private static ExperimentRun.Summary first;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws Exception {
    first = new Runs(FULL).run(TINY, 2);
  }

  @Test
  void run_emptyStore_executesEveryActionOnce() throws IOException {
    assertThat(Runs.executed(first)).hasSize(TinyExperiment.ACTIONS).doesNotHaveDuplicates();
    assertThat(StoreContents.of(FULL, "ac/")).hasSize(TinyExperiment.ACTIONS);
    assertThat(StoreContents.of(FULL, "provenance/")).hasSize(TinyExperiment.ACTIONS);
    assertThat(first.results().outputs().keySet())
        .containsExactly(
            "comparisons.arrow",
            "curves.arrow",
            "evaluations.arrow",
            "published.arrow",
            "summary.arrow");
  }

  @Test
  void run_oneWorker_beginsWithTheTrainingsThatTakeLongest() throws Exception {
    Workspace workspace = Runs.workspace(new MemoryObjectStore());
    List<Long> begun = Collections.synchronizedList(new ArrayList<>());
    RunListener listener =
        new Runs.Silence() {
          @Override
          public void started(Graph.Node node) {
            if (node.stage() instanceof TrainSiamese training) {
              begun.add(Effort.of(training));
            }
          }
        };

    new ExperimentRun(workspace, new BlasTrainer(), 1, listener)
        .run("run", TINY.withRounds(1), TinyExperiment.sources(workspace));

    assertThat(begun)
        .hasSameSizeAs(MODELS)
        .isSortedAccordingTo(Comparator.reverseOrder())
        .isNotEqualTo(Collections.nCopies(MODELS.size(), begun.get(0)));
  }

  @Test
  void run_pendingInAStoreThatCannotBeWritten_saysSoBeforeAnything() {
    Workspace workspace =
        Workspace.of(
            LeasedStore.reading(new MemoryObjectStore(), "Cannot write: no right"),
            event -> {},
            "test",
            "run");
    List<String> heard = new ArrayList<>();
    RunListener listener =
        new Runs.Silence() {
          @Override
          public void started(Graph.Node node) {
            heard.add("started");
          }
        };

    Throwable thrown =
        catchThrowable(
            () ->
                new ExperimentRun(workspace, new BlasTrainer(), 1, listener)
                    .run("run", TINY, experiment -> heard.add("sources")));

    assertThat(thrown).hasMessage("Cannot write: no right");
    assertThat(heard).isEmpty();
  }

  @Test
  void run_fullStore_executesAndWritesNothing() throws Exception {
    ObjectStore objects = StoreContents.copy(FULL);
    SortedMap<String, Digest> before = StoreContents.of(objects, "");

    ExperimentRun.Summary second = new Runs(objects).run(TINY, 2);

    assertThat(Runs.executed(second)).isEmpty();
    assertThat(second.steps()).hasSize(TinyExperiment.ACTIONS);
    assertThat(second.results()).isEqualTo(first.results());
    assertThat(StoreContents.of(objects, "")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void run_anyNumberOfWorkers_givesTheSameBlobs(int workers) throws Exception {
    Path root = folder.resolve("with " + workers + " workers");

    try (LocalObjectStore objects = LocalObjectStore.open(root)) {
      new Runs(objects).run(TINY, workers);

      assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
    }
  }

  /** An edit of the spec, and what runs again because of it. */
  static List<Arguments> edits() {
    List<Arguments> edits = new ArrayList<>();
    edits.add(
        Arguments.of(
            "digit weight of one model",
            "digit: 0.8}",
            "digit: 0.9}",
            actions("train-siamese/ArgMax", "evaluate/ArgMax", "results")));
    edits.add(
        Arguments.of("published number", "accuracy: 90.0", "accuracy: 91.0", actions("results")));
    edits.add(
        Arguments.of(
            "claim where there was none",
            "digit: 0.8}",
            "digit: 0.8}\n    published: {accuracy: 90, std: 1, rounds: 10, where: x}",
            actions("results")));
    edits.add(
        Arguments.of(
            "place of a claim",
            "accuracy: 90.0, std: 0.5, rounds: 10, where: \"Table 1\"",
            "accuracy: 90.0, std: 0.5, rounds: 10, where: \"Table 2\"",
            actions("results")));
    edits.add(Arguments.of("name of a model", "  SoftMax:", "  Smooth:", actions("results")));
    edits.add(
        Arguments.of(
            "length of a pretraining",
            "    pretrain-tail: {epochs: 2, freeze: true}\n"
                + "    pretrain-body: {epochs: 1}\n"
                + "    training: {epochs: 3}\n"
                + "    loss: {target: 1.0, digit: 0.5}",
            "    pretrain-tail: {epochs: 3, freeze: true}\n"
                + "    pretrain-body: {epochs: 1}\n"
                + "    training: {epochs: 3}\n"
                + "    loss: {target: 1.0, digit: 0.5}",
            actions(
                "pretrain-tail/PreTrain",
                "train-siamese/PreTrain",
                "evaluate/PreTrain",
                "results")));
    edits.add(
        Arguments.of(
            "thawed tail",
            "    pretrain-tail: {epochs: 2, freeze: true}\n"
                + "    pretrain-body: {epochs: 1}\n"
                + "    training: {epochs: 3}\n"
                + "    loss: {target: 1.0, digit: 0.5}",
            "    pretrain-tail: {epochs: 2, freeze: false}\n"
                + "    pretrain-body: {epochs: 1}\n"
                + "    training: {epochs: 3}\n"
                + "    loss: {target: 1.0, digit: 0.5}",
            actions("train-siamese/PreTrain", "evaluate/PreTrain", "results")));
    // The training pairs come out the same, so nothing is trained again.
    edits.add(
        Arguments.of(
            "more test pairs",
            "test-pairs: 50",
            "test-pairs: 60",
            actions(allModels("evaluate", "data-gen/Pixels", "results"))));
    edits.add(Arguments.of("seed", "seed: 7", "seed: 8", all()));
    edits.add(Arguments.of("third round", "rounds: 2\n", "rounds: 3\n", thirdRound()));
    edits.add(Arguments.of("comment", "rounds: 2\n", "rounds: 2 # enough\n", List.of()));
    edits.add(Arguments.of("title", "A tiny experiment", "Another title", List.of()));
    edits.add(Arguments.of("name of the experiment", "name: tiny", "name: small", List.of()));
    edits.add(
        Arguments.of(
            "key order",
            "  train-pairs: 60\n  test-pairs: 50\n",
            "  test-pairs: 50\n  train-pairs: 60\n",
            List.of()));
    edits.add(
        Arguments.of(
            "default written out",
            "    loss: {target: 1.0, digit: 0.6}",
            "    loss: {mix: sum, digit: 0.60, target: 1}\n    training: {epochs: 2, batch: 16}",
            List.of()));
    edits.add(
        Arguments.of(
            "tail that no model uses",
            "  direct:\n",
            "  unused:\n    - linear 20 -> 2\n  direct:\n",
            List.of()));
    return edits;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("edits")
  void run_afterAnEdit_executesWhatItChangesAndNothingElse(
      String edit, String passage, String replacement, Collection<String> expected)
      throws Exception {
    Experiment edited =
        ExperimentReader.read(
            TinyExperiment.write(
                folder, "moved.yaml", TinyExperiment.edited(passage, replacement)));

    ExperimentRun.Summary summary = new Runs(StoreContents.copy(FULL)).run(edited, 2);

    assertThat(Runs.executed(summary)).containsExactlyElementsOf(expected);
  }

  @Test
  void run_modelsInAnotherOrder_executesTheResultsAlone() throws Exception {
    List<ModelSpec> models = new ArrayList<>(TINY.models());
    models.add(models.remove(0));
    Experiment reordered = tiny(TINY.data(), models);

    ExperimentRun.Summary summary = new Runs(StoreContents.copy(FULL)).run(reordered, 2);

    assertThat(Runs.executed(summary)).containsExactly("results");
  }

  @Test
  void run_extendingSpec_reusesWhatItsBaseHas() throws Exception {
    TinyExperiment.write(folder, "tiny.yaml", TinyExperiment.text());
    Path extending =
        TinyExperiment.write(
            folder,
            "more.yaml",
            """
            extends: tiny.yaml
            name: more
            models:
              Extra:
                body: conv
                head: softmax
                tail: deep
                loss: {target: 1.0}
            """);

    ExperimentRun.Summary summary =
        new Runs(StoreContents.copy(FULL)).run(ExperimentReader.read(extending), 2);

    assertThat(Runs.executed(summary))
        .containsExactly(
            "evaluate/Extra/1",
            "evaluate/Extra/2",
            "results",
            "train-siamese/Extra/1",
            "train-siamese/Extra/2");
  }

  @Test
  void run_oneModelOfMany_reusesItsActions() throws Exception {
    ExperimentRun.Summary summary =
        new Runs(StoreContents.copy(FULL)).run(TINY.only(List.of("ArgMax")), 2);

    assertThat(Runs.executed(summary)).containsExactly("results");
    assertThat(summary.steps()).hasSize(7);
  }

  @Test
  void run_moreRoundsThanTheSpecSays_keepsTheFirst() throws Exception {
    ExperimentRun.Summary summary = new Runs(StoreContents.copy(FULL)).run(TINY.withRounds(3), 2);

    assertThat(Runs.executed(summary)).containsExactlyElementsOf(thirdRound());
  }

  @Test
  void run_damagedBlob_isReportedAndMadeAnew() throws Exception {
    ObjectStore objects = StoreContents.copy(FULL);
    Digest evaluations = first.results().output("evaluations.arrow");
    String name = "cas/" + evaluations.sha256().substring(0, 2) + "/" + evaluations.sha256();
    objects.delete(name);
    objects.create(name, Blob.of("rot".getBytes(UTF_8)));
    Runs runs = new Runs(objects);

    ExperimentRun.Summary summary = runs.run(TINY, 2);

    assertThat(Runs.executed(summary)).containsExactly("results");
    assertThat(runs.damaged).singleElement().asString().contains(evaluations.abbreviated());
    assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
  }

  @Test
  void run_damagedBlobThatNothingReads_isBelievedUnlessAllIsVerified() throws Exception {
    ObjectStore objects = StoreContents.copy(FULL);
    Digest weights = weights(objects);
    spoil(objects, weights);

    assertThat(Runs.executed(new Runs(objects).run(TINY, 2))).isEmpty();
    Runs runs = new Runs(objects);
    assertThat(Runs.executed(runs.verify(TINY, 2))).singleElement().asString().contains("train");
    assertThat(runs.damaged).singleElement().asString().contains(weights.abbreviated());
    assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
  }

  @Test
  void run_damagedInput_isFoundWhereItIsReadAndMadeAnew() throws Exception {
    ObjectStore objects = StoreContents.copy(FULL);
    spoil(objects, weights(objects));
    objects.delete(evaluation(objects).key().nameIn("ac"));
    Runs runs = new Runs(objects);

    ExperimentRun.Summary summary = runs.run(TINY, 2);

    assertThat(Runs.executed(summary)).hasSize(2);
    assertThat(runs.damaged).hasSize(1);
    assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
  }

  private static Digest weights(ObjectStore objects) throws Exception {
    Plan plan = new Runs(objects).survey(TINY);
    return known(plan, training(plan)).manifest().output("weights.safetensors");
  }

  private static Plan.KnownResult evaluation(ObjectStore objects) throws Exception {
    Plan plan = new Runs(objects).survey(TINY);
    Graph.Node training = training(plan);
    return plan.graph().nodes().stream()
        .filter(n -> n.stage() instanceof Evaluate)
        .filter(n -> ((Evaluate) n.stage()).training().equals(training.stage()))
        .map(n -> known(plan, n))
        .findFirst()
        .orElseThrow();
  }

  private static Graph.Node training(Plan plan) {
    return plan.graph().nodes().stream()
        .filter(n -> n.stage() instanceof TrainSiamese)
        .findFirst()
        .orElseThrow();
  }

  private static Plan.KnownResult known(Plan plan, Graph.Node node) {
    return plan.known(node).orElseThrow();
  }

  /** Leaves the size as it is. */
  private static void spoil(ObjectStore objects, Digest digest) throws IOException {
    String name = BlobStore.nameOf(digest);
    objects.delete(name);
    objects.create(name, Blob.of(new byte[(int) digest.size()]));
  }

  @Test
  void run_missingDataset_isMadeAnewAndNothingElse() throws Exception {
    ObjectStore objects = StoreContents.copy(FULL);
    Digest train =
        new Runs(objects)
            .plan(TINY)
            .known(Graph.of(TINY, Choices.NONE).nodes().get(0))
            .orElseThrow()
            .manifest()
            .output("train.arrow");
    objects.delete("cas/" + train.sha256().substring(0, 2) + "/" + train.sha256());

    ExperimentRun.Summary summary = new Runs(objects).run(TINY, 2);

    assertThat(Runs.executed(summary)).containsExactly("data-gen/Pixels/1");
    assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
  }

  @Test
  void run_failingAction_surfacesItsOwnExceptionAndKeepsTheOthers() throws Exception {
    ObjectStore objects = new MemoryObjectStore();
    RuntimeException expected = new IllegalStateException("no more softness");
    Trainer failing =
        new FailingTrainer(
            Head.SOFTMAX,
            () -> {
              throw expected;
            });

    Throwable thrown = catchThrowable(() -> new Runs(objects).run(TINY, 2, failing));

    assertThat(thrown).isSameAs(expected);
    int kept = StoreContents.of(objects, "ac/").size();
    assertThat(kept).isGreaterThanOrEqualTo(2);
    assertThat(Runs.executed(new Runs(objects).run(TINY, 2)))
        .hasSize(TinyExperiment.ACTIONS - kept);
    assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
    assertThat(StoreContents.of(objects, "provenance/")).hasSize(TinyExperiment.ACTIONS);
  }

  @Test
  void run_error_surfacesAsItself() {
    Error expected = new OutOfMemoryError("made up");
    Trainer failing =
        new FailingTrainer(
            Head.SOFTMAX,
            () -> {
              throw expected;
            });

    assertThat(catchThrowable(() -> new Runs(new MemoryObjectStore()).run(TINY, 2, failing)))
        .isSameAs(expected);
  }

  /** One training fails while the other one, which pays no heed to interrupts, is under way. */
  @Test
  void run_failingAction_waitsForThoseUnderWayAndKeepsThem() throws Exception {
    Experiment two = TINY.only(List.of("SoftMax", "Arithmetic")).withRounds(1);
    CountDownLatch underWay = new CountDownLatch(1);
    CountDownLatch failing = new CountDownLatch(1);
    Trainer trainer =
        new FailingTrainer(
            Head.SOFTMAX,
            () -> {
              underWay.await();
              failing.countDown();
              throw new IllegalStateException("no more softness");
            },
            () -> {
              underWay.countDown();
              while (failing.getCount() > 0) {
                Thread.onSpinWait();
              }
              long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
            });

    try (LocalObjectStore objects = LocalObjectStore.open(folder.resolve("store"))) {
      Throwable thrown = catchThrowable(() -> new Runs(objects).run(two, 2, trainer));

      assertThat(thrown).hasMessage("no more softness");
      assertThat(StoreContents.of(objects, "ac/")).hasSize(2);
      assertThat(StoreContents.results(FULL))
          .containsAllEntriesOf(StoreContents.of(objects, "ac/"));
    }
  }

  @Test
  void run_impossibleStage_surfacesItsMessage() {
    DataSpec data = TINY.data();
    Experiment greedy =
        tiny(
            new DataSpec(data.digits(), data.pool(), 200, 50, 20, data.validation()),
            TINY.models());

    assertThat(catchThrowable(() -> new Runs(new MemoryObjectStore()).run(greedy, 2)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot sample 200 pairs: 300 images give 1 to 150");
  }

  @Test
  void run_sourcesThatFail_surfaceTheirException() {
    IOException expected = new IOException("no digits today");
    Workspace workspace = Workspace.of(new MemoryObjectStore(), m -> {}, "test", "id");

    assertThat(
            catchThrowable(
                () ->
                    new ExperimentRun(workspace, new BlasTrainer(), 1, new Runs.Silence())
                        .run(
                            "id",
                            TINY,
                            experiment -> {
                              throw expected;
                            })))
        .isSameAs(expected);
  }

  private static Experiment tiny(DataSpec data, List<ModelSpec> models) {
    return new Experiment(
        TINY.name(),
        TINY.title(),
        TINY.source(),
        TINY.links(),
        TINY.claimsRemark(),
        TINY.seed(),
        TINY.rounds(),
        data,
        List.copyOf(models),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static List<String> thirdRound() {
    TreeSet<String> expected = new TreeSet<>();
    for (String model : MODELS) {
      expected.add("train-siamese/" + model + "/3");
      expected.add("evaluate/" + model + "/3");
    }
    expected.addAll(
        List.of(
            "data-gen/Pixels/3",
            "pretrain-tail/PreTrain/3",
            "pretrain-body/PreTrain/3",
            "results"));
    return List.copyOf(expected);
  }

  private static List<String> all() {
    return Runs.executed(first);
  }

  private static String[] allModels(String stage, String... others) {
    List<String> names = new ArrayList<>(List.of(others));
    MODELS.forEach(model -> names.add(stage + "/" + model));
    return names.toArray(String[]::new);
  }

  /** Returns the actions in both rounds, sorted. */
  private static List<String> actions(String... names) {
    TreeSet<String> actions = new TreeSet<>();
    for (String name : names) {
      if (name.equals("results")) {
        actions.add("results");
      } else {
        actions.add(name + "/1");
        actions.add(name + "/2");
      }
    }
    return List.copyOf(actions);
  }
}
