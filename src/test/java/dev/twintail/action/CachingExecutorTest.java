package dev.twintail.action;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ChildJvm;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachingExecutorTest {
  private static final Preimage PREIMAGE = Preimage.of("stage", 1).parameter("x", 1).build();
  private static final Blob OUT = blob("output");

  /** Actions of a test in which many repeat the same ones. */
  private static final int FEW = 30;

  /** Actions of a test that is killed long before the last. */
  private static final int MANY = 150;

  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void execute_unknown_runsAndRecords() throws Exception {
    Outcome outcome = executor().execute(PREIMAGE, this::work);

    assertThat(outcome.reused()).isFalse();
    assertThat(outcome.manifest()).isEqualTo(Manifest.of(Map.of("out", OUT.digest())));
    assertThat(outcome.elapsed()).isPositive();
    assertThat(names(objects, "provenance/"))
        .singleElement()
        .asString()
        .matches(
            "provenance/"
                + PREIMAGE.key().sha256().substring(0, 2)
                + "/"
                + PREIMAGE.key()
                + "/\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{8}\\.json");
  }

  @Test
  void execute_known_reuses() throws Exception {
    Outcome first = executor().execute(PREIMAGE, this::work);
    Outcome second = executor().execute(PREIMAGE, this::work);

    assertThat(second.reused()).isTrue();
    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(runs).hasValue(1);
    assertThat(names(objects, "provenance/")).hasSize(1);
  }

  @Test
  void execute_blobDamaged_runsAgainAndMends() throws Exception {
    executor().execute(PREIMAGE, this::work);
    objects.delete(casName(OUT.digest()));
    objects.create(casName(OUT.digest()), blob("outpux"));

    Outcome second = executor().execute(PREIMAGE, this::work);

    assertThat(second.reused()).isFalse();
    assertThat(executor().execute(PREIMAGE, this::work).reused()).isTrue();
    assertThat(runs).hasValue(2);
    assertThat(events).hasSize(1);
  }

  @Test
  void execute_workFails_recordsNothingAndPassesTheFailureOn() throws Exception {
    Work<IOException> failing =
        () -> {
          throw new IOException("no data");
        };

    assertThatThrownBy(() -> executor().execute(PREIMAGE, failing)).hasMessage("no data");

    assertThat(names(objects, "")).isEmpty();
    assertThat(executor().execute(PREIMAGE, this::work).reused()).isFalse();
  }

  @Test
  void execute_otherBytesThanBefore_isNonReproducible() throws Exception {
    executor().execute(PREIMAGE, this::work);
    objects.delete(casName(OUT.digest()));

    assertThatThrownBy(() -> executor().execute(PREIMAGE, () -> Map.of("out", blob("other"))))
        .isInstanceOf(NonReproducibleException.class);
  }

  @Test
  void execute_diedBeforeAnyOneWrite_isRepeatedWithoutLoss() throws Exception {
    int writes = 0;
    boolean died = true;
    while (died) {
      MemoryObjectStore store = new MemoryObjectStore();
      DyingObjectStore dying = new DyingObjectStore(store, writes++);
      died = false;
      try {
        executor(dying).execute(PREIMAGE, this::work);
      } catch (DyingObjectStore.Died e) {
        died = true;
      }
      if (!names(store, "ac/").isEmpty()) {
        assertThat(names(store, casName(OUT.digest()))).hasSize(1);
        assertThat(names(store, casName(PREIMAGE.blob().digest()))).hasSize(1);
      }

      Manifest manifest = executor(store).execute(PREIMAGE, this::work).manifest();

      assertThat(manifest.output("out")).isEqualTo(OUT.digest());
      assertThat(names(store, "cas/")).hasSize(2);
      assertThat(executor(store).execute(PREIMAGE, this::work).reused()).isTrue();
    }
    // Preimage, output, manifest, provenance.
    assertThat(writes - 1).isEqualTo(4);
  }

  @Test
  void execute_sameKeyFromManyThreads_runsOnce() throws Exception {
    CachingExecutor executor = executor();

    List<Outcome> outcomes = inParallel(16, () -> executor.execute(PREIMAGE, this::work));

    assertThat(runs).hasValue(1);
    assertThat(outcomes).filteredOn(outcome -> !outcome.reused()).hasSize(1);
    assertThat(outcomes).extracting(Outcome::manifest).containsOnly(outcomes.get(0).manifest());
  }

  @Test
  void execute_sameKeyFirstFails_secondRuns() throws Exception {
    CachingExecutor executor = executor();
    AtomicInteger attempts = new AtomicInteger();

    List<Boolean> succeeded =
        inParallel(
            4,
            () -> {
              try {
                executor.execute(
                    PREIMAGE,
                    () -> {
                      if (attempts.getAndIncrement() == 0) {
                        throw new IOException("only the first");
                      }
                      return work();
                    });
                return true;
              } catch (IOException e) {
                return false;
              }
            });

    assertThat(succeeded).containsOnlyOnce(false);
    assertThat(attempts).hasValue(2);
  }

  @Test
  void execute_differentKeys_runAtTheSameTime() throws Exception {
    CachingExecutor executor = executor();
    CountDownLatch bothRun = new CountDownLatch(2);
    AtomicInteger next = new AtomicInteger();

    List<Boolean> met =
        inParallel(
            2,
            () -> {
              Preimage mine =
                  Preimage.of("stage", 1).parameter("x", next.incrementAndGet()).build();
              boolean[] both = {false};
              executor.execute(
                  mine,
                  () -> {
                    bothRun.countDown();
                    both[0] = bothRun.await(30, TimeUnit.SECONDS);
                    return work();
                  });
              return both[0];
            });

    assertThat(met).containsOnly(true);
  }

  @Test
  void execute_sixteenExecutorsOnOneStore_endWithTheSameBlobs(@TempDir Path folder)
      throws Exception {
    Map<String, String> expected = filledAlone(folder.resolve("alone"), FEW);
    Path shared = folder.resolve("shared");

    inParallel(
        16,
        () -> {
          try (LocalObjectStore store = LocalObjectStore.open(shared)) {
            return new Workout(store, FEW).run();
          }
        });

    assertThat(contents(shared)).isEqualTo(expected);
  }

  @Test
  void execute_twoProcessesOnOneStore_endWithTheSameBlobs(@TempDir Path folder) throws Exception {
    Map<String, String> expected = filledAlone(folder.resolve("alone"), FEW);
    Path shared = folder.resolve("shared");

    Process one = ChildJvm.start(Workout.class, shared.toString(), Integer.toString(FEW));
    Process two = ChildJvm.start(Workout.class, shared.toString(), Integer.toString(FEW));

    assertThat(one.waitFor()).isZero();
    assertThat(two.waitFor()).isZero();
    assertThat(contents(shared)).isEqualTo(expected);
  }

  @Test
  void execute_killedAtRandomInstants_losesNothingThatWasFinished(@TempDir Path folder)
      throws Exception {
    Map<String, String> expected = filledAlone(folder.resolve("alone"), MANY);
    Path shared = folder.resolve("shared");
    Random random = new Random(7);
    int told = 0;
    for (int kill = 0; kill < 10; kill++) {
      Process process = ChildJvm.start(Workout.class, shared.toString(), Integer.toString(MANY));
      BufferedReader progress = process.inputReader(UTF_8);
      for (int i = random.nextInt(6); i > 0; i--) {
        assertThat(progress.readLine()).isEqualTo("executed");
        told++;
      }
      process.destroyForcibly().waitFor();
    }
    int recorded =
        (int) contents(shared).keySet().stream().filter(name -> name.startsWith("ac/")).count();
    assertThat(recorded).isBetween(told, MANY - 1);

    int executed;
    try (LocalObjectStore store = LocalObjectStore.open(shared)) {
      executed = new Workout(store, MANY).run();
    }

    assertThat(executed).isEqualTo(MANY - recorded);
    assertThat(contents(shared)).isEqualTo(expected);
  }

  private static Map<String, String> filledAlone(Path root, int actions) throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      assertThat(new Workout(store, actions).run()).isEqualTo(actions);
    }
    return contents(root);
  }

  /** Returns all files and their digests, but for those that tell when and where. */
  private static Map<String, String> contents(Path root) throws IOException {
    TreeMap<String, String> contents = new TreeMap<>();
    if (Files.notExists(root)) {
      return contents;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (!name.startsWith("provenance/")) {
          contents.put(name, Digest.of(Files.readAllBytes(file)).sha256());
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return contents;
  }

  private Map<String, Blob> work() {
    runs.incrementAndGet();
    return Map.of("out", OUT);
  }

  private CachingExecutor executor() {
    return executor(objects);
  }

  /** Returns an executor that knows nothing but the store, like that of the next process. */
  private CachingExecutor executor(ObjectStore store) {
    BlobStore blobs = new BlobStore(store, events::add);
    ActionCache cache = new ActionCache(store, blobs, events::add);
    return new CachingExecutor(cache, blobs, new ProvenanceLog(store, "test", "run"));
  }

  private static <T> List<T> inParallel(int threads, Callable<T> task) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : pool.invokeAll(Collections.nCopies(threads, task))) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<String> names(ObjectStore store, String prefix) throws IOException {
    List<String> names = new ArrayList<>();
    store.list(prefix, entry -> names.add(entry.name()));
    return names;
  }

  private static String casName(Digest digest) {
    return "cas/" + digest.sha256().substring(0, 2) + "/" + digest.sha256();
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }
}
