package dev.twintail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.stage.StageName;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreContents;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs again after an edit is what has to, and the explanation names the cause. */
class EditsTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final ObjectStore FULL = new MemoryObjectStore();
  private static final Set<String> ALL = new TreeSet<>();

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws Exception {
    Runs runs = new Runs(FULL);
    ExperimentRun.Summary first = runs.run(TINY, 2);
    runs.record(first);
    ALL.addAll(Runs.executed(first));
  }

  /**
   * One edit.
   *
   * @param passage of the spec, and what stands there now
   * @param executed what has to run again: all actions that match one of these
   * @param reasons what is told: each line, which is for all rounds, matches one of these
   */
  record Edit(
      String name,
      String passage,
      String replacement,
      String file,
      int workers,
      Trainer trainer,
      ToIntFunction<StageName> versions,
      List<String> executed,
      List<String> reasons) {

    static Edit of(String name, String passage, String replacement) {
      return new Edit(
          name,
          passage,
          replacement,
          "edited.yaml",
          2,
          new BlasTrainer(),
          StageName::version,
          List.of(),
          List.of());
    }

    Edit runs(String... patterns) {
      return new Edit(
          name, passage, replacement, file, workers, trainer, versions, List.of(patterns), reasons);
    }

    Edit because(String... patterns) {
      return new Edit(
          name,
          passage,
          replacement,
          file,
          workers,
          trainer,
          versions,
          executed,
          List.of(patterns));
    }

    Edit by(Trainer other, ToIntFunction<StageName> others) {
      return new Edit(name, passage, replacement, file, workers, other, others, executed, reasons);
    }

    Edit in(String otherFile, int otherWorkers) {
      return new Edit(
          name,
          passage,
          replacement,
          otherFile,
          otherWorkers,
          trainer,
          versions,
          executed,
          reasons);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Edit> edits() {
    String same = "rounds: 2\n";
    String version = "stage version: 1 → 2";
    String seeds = "seed of augmentation, coin, dropout, initialisation, shuffle";
    return List.of(
        Edit.of("weight of a loss", "digit: 0.8}", "digit: 0.9}")
            .runs("(train-siamese|evaluate)/ArgMax/.", "results")
            .because(
                "train-siamese ArgMax: loss.digit: 0.8 → 0.9",
                "evaluate ArgMax: bytes of input weights, because train-siamese ArgMax: loss.digit:"
                    + " 0.8 → 0.9",
                "results 7 models: bytes of 2 inputs, such as curves/ArgMax/00001, because"
                    + " train-siamese ArgMax: loss.digit: 0.8 → 0.9"),
        Edit.of("seed", "seed: 7", "seed: 8")
            .runs(".*")
            .because(
                "data-gen 7 models: seed of test, train, validation",
                "(train-siamese|pretrain-tail|pretrain-body) .*: " + seeds,
                ".*: bytes of .*, because data-gen 7 models: seed of test, train, validation.*",
                "results 7 models: tests.seed: 7 → 8"),
        Edit.of(
                "layers of one tail",
                "    - linear 392 -> 2\n",
                "    - linear 392 -> 3\n    - linear 3 -> 2\n")
            .runs("(train-siamese|evaluate)/Pixels/.", "results")
            .because(
                "(train-siamese|evaluate) Pixels: tail.0: linear 392 -> 2 → linear 392 -> 3",
                "(train-siamese|evaluate) Pixels: tail.1: nothing → linear 3 -> 2",
                "(train-siamese|evaluate) Pixels: tail.layers: 1 → 2",
                "evaluate Pixels: bytes of input weights, because train-siamese Pixels: tail.0: .*",
                "results 7 models: model.0000.parameters: 786 → 1187",
                "results 7 models: bytes of 2 inputs, such as (curves|evaluation)/Pixels/00001,"
                    + " because (train-siamese|evaluate) Pixels: tail.0: .*"),
        Edit.of("rounds", "rounds: 2\n", "rounds: 3\n")
            .runs(".*/3", "results")
            .because(
                "(?!results).*: no earlier run had this round of it",
                "results 7 models: 7 fields of model, such as model.0000.rounds: 2 → 3",
                "results 7 models: bytes of input ((curves|evaluation)/.*|pairs)/00003: nothing → .*"),
        Edit.of("stage version, with other bytes", same, same)
            .by(new OtherSeeds(), raised(StageName.TRAIN_SIAMESE))
            .runs("(train-siamese|evaluate)/.*", "results")
            .because(
                "train-siamese .*: " + version,
                "evaluate (.*): bytes of input weights, because train-siamese \\1: " + version,
                "results 7 models: bytes of [34] inputs, such as curves/(.*)/00001, because"
                    + " train-siamese \\1: "
                    + version),
        Edit.of("data", "test-pairs: 50", "test-pairs: 60")
            .runs("data-gen/.*", "evaluate/.*", "results")
            .because(
                "data-gen 7 models: data.test-pairs: 50 → 60",
                "evaluate .*: bytes of input pairs, because data-gen 7 models: data.test-pairs:"
                    + " 50 → 60",
                "results 7 models: tests.test-pairs: 50 → 60",
                "results 7 models: bytes of 16 inputs, such as evaluation/ArgMax/00001, because"
                    + " data-gen 7 models: data.test-pairs: 50 → 60"),
        Edit.of("comment", same, "rounds: 2 # enough\n"),
        Edit.of(
            "key order",
            "  train-pairs: 60\n  test-pairs: 50\n",
            "  test-pairs: 50\n  train-pairs: 60\n"),
        Edit.of("worker count", same, same).in("edited.yaml", 5),
        Edit.of("file moved", same, same).in("elsewhere.yaml", 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("edits")
  void run_afterAnEdit_executesWhatHasToAndNamesTheCause(Edit edit) throws Exception {
    Experiment edited =
        ExperimentReader.read(
            TinyExperiment.write(
                folder, edit.file(), TinyExperiment.edited(edit.passage(), edit.replacement())));
    Runs runs = new Runs(StoreContents.copy(FULL));

    ExperimentRun.Summary summary =
        runs.run(edited, edit.workers(), edit.trainer(), edit.versions());

    Set<String> expected = new TreeSet<>(ALL);
    summary.steps().forEach(step -> expected.add(step.action().toString()));
    expected.removeIf(action -> edit.executed().stream().noneMatch(action::matches));
    assertThat(Runs.executed(summary)).containsExactlyElementsOf(expected);
    List<String> told = runs.reasons(summary);
    assertThat(told).allMatch(line -> edit.reasons().stream().anyMatch(line::matches));
    assertThat(edit.reasons()).allMatch(reason -> told.stream().anyMatch(l -> l.matches(reason)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SELECT") // There is no sweep in it.
  void run_stageVersionRaisedWithoutChangeOfBytes_executesThatStageAlone(StageName stage)
      throws Exception {
    Runs runs = new Runs(StoreContents.copy(FULL));

    ExperimentRun.Summary summary = runs.run(TINY, 2, new BlasTrainer(), raised(stage));

    assertThat(Runs.executed(summary))
        .containsExactlyElementsOf(
            ALL.stream().filter(a -> (a + "/").startsWith(stage.label() + "/")).toList());
    assertThat(runs.reasons(summary))
        .isNotEmpty()
        .allMatch(
            r -> r.endsWith(": stage version: " + stage.version() + " → " + (stage.version() + 1)));
  }

  private static ToIntFunction<StageName> raised(StageName raised) {
    return stage -> stage.version() + (stage == raised ? 1 : 0);
  }

  /** Trains with the seeds swapped: other bytes from equal parameters, as of a changed program. */
  private static final class OtherSeeds implements Trainer {
    private final Trainer real = new BlasTrainer();

    @Override
    public Trained train(Task task) {
      Seeds seeds = task.seeds();
      return real.train(
          new Task(
              task.network(),
              task.loss(),
              task.training(),
              task.initial(),
              task.frozen(),
              task.train(),
              task.validation(),
              new Seeds(
                  seeds.shuffle(),
                  seeds.initialisation(),
                  seeds.coin(),
                  seeds.dropout(),
                  seeds.augmentation())));
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      return real.predict(network, weights, examples);
    }

    @Override
    public List<EnvironmentField> environment() {
      return real.environment();
    }
  }
}
