package dev.twintail.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Claims;
import dev.twintail.blob.Blob;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.StageName;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What workers do with trainings that they, or others, have begun before. */
@Timeout(120)
class ClaimedTrainingsTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final ObjectStore FULL = new MemoryObjectStore();
  private static Plan full;

  /** Called when a training begins, and when claims are asked for. */
  private static final AtomicReference<Runnable> TRAINING = new AtomicReference<>(() -> {});

  private static final AtomicReference<Consumer<String>> ASKED = new AtomicReference<>(n -> {});

  private Job job;

  /** A store that several machines share, and tells what it is asked. */
  private record SharedSite(String store) implements WorkSite {
    private static final long serialVersionUID = 1L;

    @Override
    public Equipment open(String run) throws IOException {
      ObjectStore objects =
          new ForwardingObjectStore(LocalObjectStore.open(Path.of(store))) {
            @Override
            public void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
              if (prefix.startsWith(Claims.FOLDER)) {
                ASKED.get().accept(prefix);
              }
              super.list(prefix, consumer);
            }
          };
      return new Equipment(
          TINY,
          Runs.preimages(new BlasTrainer()),
          Workspace.of(objects, m -> {}, "test", run),
          new TellingTrainer(),
          Optional.of(new Claims(objects, "test")));
    }
  }

  /** The real one, which says when it begins. */
  private static final class TellingTrainer implements Trainer {
    private final Trainer real = new BlasTrainer();

    @Override
    public Trained train(Task task) {
      TRAINING.get().run();
      return real.train(task);
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

  @BeforeAll
  static void runOnce() throws Exception {
    full = new Runs(FULL).run(TINY, 2).after();
  }

  @BeforeEach
  void name(@TempDir Path folder) {
    job = new Job("r", 1, new SharedSite(folder.toString()), Choices.NONE, 2, OnFailure.STOP);
  }

  @AfterEach
  void end() throws Exception {
    TRAINING.set(() -> {});
    ASKED.set(n -> {});
    Worker.end(job);
  }

  @Test
  void execute_callerEndedAmidATraining_goesOnAndIsJoined() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger trainings = holdTrainings(begun, go);
    Worker worker = Worker.of(job);
    Graph.Node training = training();
    Map<Integer, String> upstream = copyInputs();
    FutureTask<Worker.Attempt> first =
        new FutureTask<>(() -> worker.begin(training.index(), upstream).call());
    Thread caller = new Thread(first);
    caller.start();
    begun.await();

    caller.interrupt();
    caller.join();
    FutureTask<Worker.Attempt> second =
        new FutureTask<>(() -> worker.begin(training.index(), upstream).call());
    Thread again = new Thread(second);
    again.start();
    while (again.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    go.countDown();

    assertThat(second.get().manifest())
        .isEqualTo(Worker.text(full.known(training).orElseThrow().manifest()));
    assertThat(trainings).hasValue(1);
  }

  @Test
  void execute_callerEndedWhileItWaitsForASlot_hasBegunNothing() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger trainings = holdTrainings(begun, go);
    Worker worker = Worker.of(job);
    Map<Integer, String> upstream = copyInputs();
    List<Graph.Node> nodes = trainings().subList(0, 3);
    for (Graph.Node node : nodes.subList(0, 2)) {
      new Thread(new FutureTask<>(() -> worker.begin(node.index(), upstream).call())).start();
    }
    begun.await();
    Thread third =
        new Thread(new FutureTask<>(() -> worker.begin(nodes.get(2).index(), upstream).call()));
    third.start();
    while (third.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    third.interrupt();
    third.join();
    go.countDown();
    Worker.end(job);

    assertThat(trainings).hasValue(2);
  }

  @Test
  void execute_doneWhileAllSlotsAreTaken_isReusedWithoutOne() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    holdTrainings(begun, go);
    Worker worker = Worker.of(job);
    Map<Integer, String> upstream = copyInputs();
    for (Graph.Node node : trainings().subList(0, 2)) {
      new Thread(new FutureTask<>(() -> worker.begin(node.index(), upstream).call())).start();
    }
    begun.await();
    Graph.Node done = full.graph().nodes().get(0);

    Worker.Attempt attempt = worker.begin(done.index(), upstream).call();

    assertThat(attempt.manifest()).isEqualTo(upstream.get(done.index()));
    go.countDown();
  }

  @Test
  void run_trainingClaimedElsewhere_isLeftUntilItIsReleased() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger trainedWhileClaimed = new AtomicInteger(-1);
    ActionKey key = full.known(training()).orElseThrow().key();
    String claim = key.nameIn("claims") + ".0";
    try (LocalObjectStore objects = LocalObjectStore.open(folder())) {
      Workspace workspace = Runs.workspace(objects);
      TinyExperiment.sources(workspace).require(TINY);
      objects.create(claim, Blob.of("another\n".getBytes(UTF_8)));
      ASKED.set(
          prefix -> {
            if (claim.startsWith(prefix) && asked.incrementAndGet() == 2) {
              trainedWhileClaimed.set(isRecorded(objects, key) ? 1 : 0);
              delete(objects, claim);
            }
          });
      Plan plan = Plan.survey(TINY, Runs.preimages(new BlasTrainer()), workspace, 2);

      ExperimentPipeline.run(plan, plan.pending(), job, BeamRunner.direct(), 2);

      assertThat(asked).hasValueGreaterThanOrEqualTo(2);
      assertThat(trainedWhileClaimed).hasValue(0);
      assertThat(isRecorded(objects, key)).isTrue();
      assertThat(StoreContents.of(objects, Claims.FOLDER)).isEmpty();
      assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
    }
  }

  /** Returns how many have begun; none ends before {@code go}. */
  private static AtomicInteger holdTrainings(CountDownLatch begun, CountDownLatch go) {
    AtomicInteger trainings = new AtomicInteger();
    TRAINING.set(
        () -> {
          trainings.incrementAndGet();
          begun.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    return trainings;
  }

  private static Graph.Node training() {
    return trainings().get(0);
  }

  private static List<Graph.Node> trainings() {
    return full.graph().nodes().stream()
        .filter(n -> n.stage().name() == StageName.TRAIN_SIAMESE)
        .toList();
  }

  /** Stores all blobs, but records the first action alone; returns the manifests of all. */
  private Map<Integer, String> copyInputs() throws Exception {
    Map<Integer, String> manifests = new HashMap<>();
    try (LocalObjectStore objects = LocalObjectStore.open(folder())) {
      FULL.list(
          "cas/",
          entry -> {
            try {
              objects.create(entry.name(), blob(entry.name()));
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
      Plan.KnownResult first = full.known(full.graph().nodes().get(0)).orElseThrow();
      objects.create(first.key().nameIn("ac"), first.manifest().blob());
    }
    for (Graph.Node node : full.graph().nodes()) {
      manifests.put(node.index(), Worker.text(full.known(node).orElseThrow().manifest()));
    }
    return manifests;
  }

  private static Blob blob(String name) throws IOException {
    try (var in = FULL.open(name).orElseThrow()) {
      return Blob.of(in.readAllBytes());
    }
  }

  private Path folder() {
    return Path.of(((SharedSite) job.site()).store());
  }

  private static boolean isRecorded(ObjectStore objects, ActionKey key) {
    try {
      return objects.stat(key.nameIn("ac")).isPresent();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(ObjectStore objects, String name) {
    try {
      objects.delete(name);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
