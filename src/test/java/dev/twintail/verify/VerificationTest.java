package dev.twintail.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.pipeline.Runs;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.Preimages;
import dev.twintail.record.Verdict;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.StageName;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ReadOnlyObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.workspace.Workspace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static final String KERNELS = "blas.kernels";

  private static final Experiment EXPERIMENT =
      TinyExperiment.read().only(List.of("Logits")).withRounds(1);

  /** Holds the experiment's four actions and the run; not to be changed. */
  private static final ObjectStore FULL = new MemoryObjectStore();

  @BeforeAll
  static void fill() throws Exception {
    Runs runs = new Runs(FULL);
    runs.record(runs.run(EXPERIMENT, 2));
  }

  private static Verification.Report verify(
      ObjectStore objects, Trainer trainer, ToIntFunction<StageName> versions) throws Exception {
    Workspace workspace = Runs.workspace(objects);
    Preimages preimages = Runs.preimages(trainer).withVersions(versions);
    RecordedActions recorded = RecordedActions.of(EXPERIMENT, preimages, workspace, 2);
    return new Verification(workspace, trainer, 2, "verification", "test", finding -> {})
        .verify(recorded.all());
  }

  private static Verification.Finding of(Verification.Report report, StageName stage) {
    return report.findings().stream()
        .filter(f -> f.action().node().stage().name() == stage)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void verify_aConstantOfTheTrainingIsAnother_tellsTensorIndexAndBothValues() throws Exception {
    ObjectStore store = StoreContents.copy(FULL);

    Verification.Report report =
        verify(store, new NudgedTrainer("tail.0.bias", 3), StageName::version);

    Verification.Finding training = of(report, StageName.TRAIN_SIAMESE);
    assertThat(training.verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(training.details()).hasSize(1);
    assertThat(training.details().get(0))
        .startsWith("weights.safetensors: tensor tail.0.bias [3]: ")
        .contains(" (1 of 1,750 values differ, by ");
    assertThat(report.findings().stream().filter(f -> f.verdict() == Verdict.REPRODUCED))
        .hasSize(report.findings().size() - 1);
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(FULL));
    assertThat(StoreContents.of(store, "disputed/").values())
        .containsExactly(training.outputs().get("weights.safetensors"));
  }

  @Test
  void verify_recordedInAnotherEnvironment_tellsTheFieldAndComputesNothing() throws Exception {
    Verification.Report report =
        verify(StoreContents.copy(FULL), new ElsewhereTrainer(), StageName::version);

    Verification.Finding training = of(report, StageName.TRAIN_SIAMESE);
    assertThat(training.verdict()).isEqualTo(Verdict.ENVIRONMENT_DIFFERS);
    String kernels =
        new BlasTrainer()
            .environment().stream()
                .filter(field -> field.name().equals(KERNELS))
                .findFirst()
                .orElseThrow()
                .value();
    assertThat(training.details())
        .containsExactly(KERNELS + ": " + kernels + ", here " + ElsewhereTrainer.OTHERS);
    assertThat(of(report, StageName.DATA_GEN).verdict()).isEqualTo(Verdict.REPRODUCED);
  }

  @Test
  void verify_recordedByAnotherVersionOfAStage_isNotVerifiable() throws Exception {
    Verification.Report report =
        verify(
            StoreContents.copy(FULL),
            new BlasTrainer(),
            s -> s == StageName.TRAIN_SIAMESE ? 77 : s.version());

    Verification.Finding training = of(report, StageName.TRAIN_SIAMESE);
    assertThat(training.verdict()).isEqualTo(Verdict.NOT_VERIFIABLE);
    assertThat(training.details())
        .containsExactly(
            "recorded by version "
                + StageName.TRAIN_SIAMESE.version()
                + " of train-siamese, this is 77");
  }

  @Test
  void verify_readOnlyStore_findsAllAndTellsThatNothingIsRecorded() throws Exception {
    Verification.Report report =
        verify(new ReadOnlyObjectStore(FULL), new BlasTrainer(), StageName::version);

    assertThat(report.findings())
        .isNotEmpty()
        .allMatch(finding -> finding.verdict() == Verdict.REPRODUCED);
    assertThat(report.unrecorded()).containsExactly(ReadOnlyObjectStore.MESSAGE);
    assertThat(StoreContents.of(FULL, "verifications/")).isEmpty();
  }

  @Test
  void sample_largerOrSmaller_isSpreadAndInOrder() throws Exception {
    List<RecordedAction> all =
        RecordedActions.of(EXPERIMENT, Runs.preimages(new BlasTrainer()), Runs.workspace(FULL), 1)
            .all();
    List<RecordedAction> reversed = new ArrayList<>(all);
    Collections.reverse(reversed);

    assertThat(RecordedActions.sample(all, 100, 1)).isEqualTo(all);
    assertThat(RecordedActions.sample(all, 2, 1))
        .hasSize(2)
        .containsExactlyInAnyOrderElementsOf(RecordedActions.sample(reversed, 2, 1));
  }

  /** Trains as the real one, but for one value, as if a constant of a stage had been changed. */
  private record NudgedTrainer(String tensor, int index) implements Trainer {
    private static final Trainer REAL = new BlasTrainer();

    @Override
    public Trained train(Task task) {
      Trained trained = REAL.train(task);
      List<Weights.Tensor> tensors = new ArrayList<>();
      for (Weights.Tensor each : trained.weights().tensors()) {
        float[] values = each.values().clone();
        if (each.name().equals(tensor)) {
          values[index] = Math.nextUp(values[index]);
        }
        tensors.add(new Weights.Tensor(each.name(), each.shape(), values));
      }
      return new Trained(new Weights(tensors), trained.curves());
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      return REAL.predict(network, weights, examples);
    }

    @Override
    public List<Field> environment() {
      return REAL.environment();
    }
  }

  /** Works on a machine with other kernels. */
  private record ElsewhereTrainer() implements Trainer {
    private static final String OTHERS = "Zen9";

    @Override
    public Trained train(Task task) {
      throw new AssertionError("Nothing is to be trained");
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      throw new AssertionError("Nothing is to be predicted");
    }

    @Override
    public List<Field> environment() {
      return new BlasTrainer()
          .environment().stream()
              .map(f -> new Field(f.name(), f.name().equals(KERNELS) ? OTHERS : f.value()))
              .toList();
    }
  }
}
