package dev.twintail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.action.ActionKey;
import dev.twintail.blob.Digest;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.pipeline.Runs;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.EnvironmentChange;
import dev.twintail.plan.Preimages;
import dev.twintail.record.VerificationResult;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.OutputDifference;
import dev.twintail.stage.StageName;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ReadOnlyObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.store.StoreException;
import dev.twintail.workspace.Workspace;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.assertj.core.api.InstanceOfAssertFactories;
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

  private static Verification.Recomputations verify(
      ObjectStore objects, Trainer trainer, ToIntFunction<StageName> versions) throws Exception {
    Workspace workspace = Runs.workspace(objects);
    Preimages preimages = Runs.preimages(trainer).withVersions(versions);
    RecordedActions recorded = RecordedActions.of(EXPERIMENT, preimages, workspace, 2);
    return new Verification(workspace, trainer, 2, "verification", "test", found -> {})
        .verify(recorded.all());
  }

  private static Recomputation of(Verification.Recomputations report, StageName stage) {
    return report.all().stream()
        .filter(f -> f.action().node().stage().name() == stage)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void verify_aConstantOfTheTrainingIsAnother_tellsTensorIndexAndBothValues() throws Exception {
    ObjectStore store = StoreContents.copy(FULL);

    Verification.Recomputations report =
        verify(store, new NudgedTrainer("tail.0.bias", 3), StageName::version);

    Recomputation training = of(report, StageName.TRAIN_SIAMESE);
    assertThat(training.result()).isEqualTo(VerificationResult.DIFFERS);
    assertThat(training.differences())
        .singleElement(InstanceOfAssertFactories.type(OutputDifference.OfWeights.class))
        .satisfies(
            difference -> {
              assertThat(difference.output()).isEqualTo("weights.safetensors");
              assertThat(difference.tensor()).isEqualTo("tail.0.bias");
              assertThat(difference.index()).containsExactly(3);
              assertThat(difference.recomputed()).isEqualTo(Math.nextUp(difference.recorded()));
              assertThat(difference.differing()).isEqualTo(1);
              assertThat(difference.values()).isEqualTo(1750);
            });
    ActionKey key = training.action().preimage().key();
    assertThat(Runs.workspace(store).verifications().find(List.of(key)).get(key))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.result()).isEqualTo(VerificationResult.DIFFERS);
              assertThat(record.failure()).isEmpty();
              assertThat(record.differences())
                  .containsExactly(training.differences().get(0).facts());
            });
    assertThat(report.all().stream().filter(f -> f.result() == VerificationResult.REPRODUCED))
        .hasSize(report.all().size() - 1);
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(FULL));
    assertThat(StoreContents.of(store, "disputed/").values())
        .containsExactly(training.outputs().get("weights.safetensors"));
  }

  @Test
  void verify_blobPaddedByAStranger_isDamagedAndNotHeldInMemory() throws Exception {
    ObjectStore store = StoreContents.copy(FULL);
    Digest weights =
        of(verify(store, new BlasTrainer(), StageName::version), StageName.TRAIN_SIAMESE)
            .outputs()
            .get("weights.safetensors");
    AtomicLong read = new AtomicLong();
    int padding = 1 << 25;
    ObjectStore planted =
        new ForwardingObjectStore(store) {
          @Override
          public Optional<InputStream> open(String name) throws IOException {
            Optional<InputStream> opened = super.open(name);
            if (!name.equals(BlobStore.nameOf(weights))) {
              return opened;
            }
            InputStream all =
                new SequenceInputStream(
                    opened.orElseThrow(), new ByteArrayInputStream(new byte[padding]));
            return Optional.of(new CountingStream(all, read));
          }

          @Override
          public Optional<StoredObject> stat(String name) throws IOException {
            return super.stat(name)
                .map(
                    entry ->
                        name.equals(BlobStore.nameOf(weights))
                            ? new StoredObject(name, entry.size() + padding, entry.modified())
                            : entry);
          }
        };
    Workspace workspace = Runs.workspace(planted);
    RecordedActions recorded =
        RecordedActions.of(EXPERIMENT, Runs.preimages(new BlasTrainer()), workspace, 2);
    RecordedAction training =
        recorded.all().stream()
            .filter(a -> a.node().stage().name() == StageName.TRAIN_SIAMESE)
            .findFirst()
            .orElseThrow();
    AtomicLong held = new AtomicLong();

    Verification.Recomputations report =
        new Verification(
                workspace, new BlasTrainer(), 1, "planted", "test", found -> held.set(read.get()))
            .verify(List.of(training));

    assertThat(report.all().get(0).result()).isEqualTo(VerificationResult.DAMAGED);
    assertThat(held.get()).isLessThan(padding);
  }

  @Test
  void verify_otherBytesAtEachRead_isAnErrorAndFindsNothing() throws Exception {
    ObjectStore store = StoreContents.copy(FULL);
    AtomicLong reads = new AtomicLong();
    ObjectStore noisy =
        new ForwardingObjectStore(store) {
          @Override
          public Optional<InputStream> open(String name) throws IOException {
            Optional<InputStream> opened = super.open(name);
            if (!name.startsWith(BlobStore.FOLDER) || opened.isEmpty()) {
              return opened;
            }
            try (InputStream in = opened.get()) {
              byte[] bytes = in.readAllBytes();
              bytes[0] ^= (byte) reads.incrementAndGet();
              return Optional.of(new ByteArrayInputStream(bytes));
            }
          }
        };
    RecordedActions recorded =
        RecordedActions.of(EXPERIMENT, Runs.preimages(new BlasTrainer()), Runs.workspace(store), 2);
    Verification verification =
        new Verification(Runs.workspace(noisy), new BlasTrainer(), 1, "noisy", "test", f -> {});

    assertThatThrownBy(() -> verification.verify(recorded.all()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("others each time");

    assertThat(StoreContents.of(store, "verifications/"))
        .isEqualTo(StoreContents.of(FULL, "verifications/"));
  }

  /** Tells how much was read. */
  private static final class CountingStream extends FilterInputStream {
    private final AtomicLong read;

    private CountingStream(InputStream in, AtomicLong read) {
      super(in);
      this.read = read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      read.addAndGet(Math.max(0, n));
      return n;
    }
  }

  @Test
  void verify_recordedInAnotherEnvironment_tellsTheFieldAndComputesNothing() throws Exception {
    Verification.Recomputations report =
        verify(StoreContents.copy(FULL), new ElsewhereTrainer(), StageName::version);

    Recomputation training = of(report, StageName.TRAIN_SIAMESE);
    assertThat(training.result()).isEqualTo(VerificationResult.ENVIRONMENT_DIFFERS);
    String kernels =
        new BlasTrainer()
            .environment().stream()
                .filter(field -> field.name().equals(KERNELS))
                .findFirst()
                .orElseThrow()
                .value();
    assertThat(training.obstacle())
        .contains(
            new Obstacle.OtherEnvironment(
                List.of(
                    new EnvironmentChange(
                        KERNELS, Optional.of(kernels), Optional.of(ElsewhereTrainer.OTHERS)))));
    assertThat(of(report, StageName.DATA_GEN).result()).isEqualTo(VerificationResult.REPRODUCED);
  }

  @Test
  void verify_recordedByAnotherVersionOfAStage_isNotVerifiable() throws Exception {
    Verification.Recomputations report =
        verify(
            StoreContents.copy(FULL),
            new BlasTrainer(),
            s -> s == StageName.TRAIN_SIAMESE ? 77 : s.version());

    Recomputation training = of(report, StageName.TRAIN_SIAMESE);
    assertThat(training.result()).isEqualTo(VerificationResult.NOT_VERIFIABLE);
    assertThat(training.obstacle())
        .contains(
            new Obstacle.OtherVersion(
                StageName.TRAIN_SIAMESE, Integer.toString(StageName.TRAIN_SIAMESE.version()), 77));
  }

  @Test
  void verify_readOnlyStore_findsAllAndTellsThatNothingIsRecorded() throws Exception {
    Verification.Recomputations report =
        verify(new ReadOnlyObjectStore(FULL), new BlasTrainer(), StageName::version);

    assertThat(report.all())
        .isNotEmpty()
        .allMatch(found -> found.result() == VerificationResult.REPRODUCED);
    assertThat(report.unrecorded()).containsExactly(ReadOnlyObjectStore.MESSAGE);
    assertThat(StoreContents.of(FULL, "verifications/")).isEmpty();
  }

  @Test
  void verify_theProgramFails_blamesNoDataAndRecordsNothing() throws Exception {
    ObjectStore store = StoreContents.copy(FULL);

    Verification.Recomputations report = verify(store, new BrokenTrainer(), StageName::version);

    Recomputation training = of(report, StageName.TRAIN_SIAMESE);
    assertThat(training.result()).isEqualTo(VerificationResult.NOT_VERIFIABLE);
    assertThat(training.obstacle()).contains(new Obstacle.StageFailed(BrokenTrainer.FAULT));
    assertThat(StoreContents.of(store, "verifications/").keySet())
        .isNotEmpty()
        .noneMatch(name -> name.contains(training.action().preimage().key().sha256()));
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
    public List<EnvironmentField> environment() {
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
    public List<EnvironmentField> environment() {
      return new BlasTrainer()
          .environment().stream()
              .map(
                  f ->
                      new EnvironmentField(f.name(), f.name().equals(KERNELS) ? OTHERS : f.value()))
              .toList();
    }
  }

  /** Has a fault of its own. */
  private record BrokenTrainer() implements Trainer {
    private static final String FAULT = "Cannot tell a digit from another";

    @Override
    public Trained train(Task task) {
      throw new IllegalArgumentException(FAULT);
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      return new BlasTrainer().predict(network, weights, examples);
    }

    @Override
    public List<EnvironmentField> environment() {
      return new BlasTrainer().environment();
    }
  }
}
