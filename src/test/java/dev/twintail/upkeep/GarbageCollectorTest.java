package dev.twintail.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.action.ActionCache;
import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import dev.twintail.action.CachingExecutor;
import dev.twintail.action.Manifest;
import dev.twintail.action.Outcome;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunLog;
import dev.twintail.record.RunRecord;
import dev.twintail.stage.OutputFormats;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.store.StoreException;
import dev.twintail.upkeep.GarbageCollector.Disposition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GarbageCollectorTest {
  private static final Duration NO_GRACE = Duration.ofSeconds(-1);

  private final MemoryObjectStore objects = new MemoryObjectStore();

  @Test
  void find_runsAndGarbage_areToldApart() throws Exception {
    Blob source = blob("source");
    new BlobStore(objects, event -> {}).put(source);
    RunRecord.Step needed = execute(1, source.digest());
    execute(2, source.digest());
    record("run", List.of(needed));

    GarbageCollector.Survey findings = collector(objects).find(NO_GRACE);

    assertThat(findings.runs()).isEqualTo(1);
    assertThat(findings.rows())
        .extracting(row -> row.folder() + " " + row.verdict() + " " + row.objects())
        .containsExactly(
            "ac/ USED 1",
            "ac/ GARBAGE 1",
            "provenance/ USED 1",
            "provenance/ GARBAGE 1",
            "cas/ USED 3",
            "cas/ GARBAGE 2");
    assertThat(findings.garbageBytes()).isPositive();
    assertThat(names("")).hasSize(10);
  }

  @Test
  void delete_garbage_leavesWhatRunsNeed() throws Exception {
    Blob source = blob("source");
    new BlobStore(objects, event -> {}).put(source);
    record("run", List.of(execute(1, source.digest())));
    List<String> before = names("");
    execute(2, source.digest());

    assertThat(collector(objects).delete(NO_GRACE).orElseThrow().garbage()).hasSize(4);

    assertThat(names("")).isEqualTo(before);
    assertThat(new StoreCheck(objects, (d, t, b) -> {}, OutputFormats::fault).checkAll().problems())
        .isEmpty();
  }

  @Test
  void delete_pinned_isKept() throws Exception {
    RunRecord.Step step = execute(1, blob("source").digest());
    BlobStore blobs = new BlobStore(objects, event -> {});
    ActionCache cache = new ActionCache(objects, blobs, event -> {});

    new GarbageCollector(
            objects,
            List.of(step.key()),
            GarbageCollector.Runless.REFUSED,
            line -> {},
            (d, t, b) -> {})
        .delete(NO_GRACE);

    assertThat(cache.lookupVerified(step.key())).isPresent();
  }

  @Test
  void delete_withinTheGracePeriod_deletesNothing() throws Exception {
    execute(1, blob("source").digest());
    List<String> before = names("");

    GarbageCollector.Survey findings =
        collector(objects).delete(Duration.ofHours(24)).orElseThrow();

    assertThat(findings.garbage()).isEmpty();
    assertThat(findings.rows())
        .extracting(GarbageCollector.FolderCount::verdict)
        .contains(Disposition.USED);
    assertThat(names("")).isEqualTo(before);
  }

  @Test
  void delete_storeInUse_doesNothing() throws Exception {
    execute(1, blob("source").digest());
    List<String> before = names("");

    try (LeasedStore leased = LeasedStore.use(objects, "someone", line -> {})) {
      leased.requireWritable();
      assertThat(collector(objects).delete(NO_GRACE)).isEmpty();
    }

    assertThat(names("")).isEqualTo(before);
    assertThat(collector(objects).delete(NO_GRACE)).isPresent();
    assertThat(names("")).isEmpty();
  }

  @Test
  void delete_runsThatCameToNoEnd_leavesTheNewestHundred() throws Exception {
    for (int i = 0; i < 105; i++) {
      objects.create(String.format("attempts/2026%03d.json", i), blob("{}"));
    }

    collector(objects).delete(Duration.ofHours(24));
    assertThat(names("attempts/")).hasSize(105);
    collector(objects).delete(NO_GRACE);

    assertThat(names("attempts/")).hasSize(100).startsWith("attempts/2026005.json");
  }

  @Test
  void find_runUnreadable_isAnError() throws Exception {
    objects.create("runs/broken.json", blob("{"));

    assertThatThrownBy(() -> collector(objects).find(NO_GRACE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot collect garbage: run broken is not readable")
        .hasMessageContaining("; restore runs/broken.json in memory:, such as by a pull")
        .hasMessageEndingWith("if it is deleted instead, what no other run needs becomes garbage");
  }

  @Test
  void find_runGarbledOnItsWayOnce_isReadAgain() throws Exception {
    record("run", List.of(execute(1, blob("source").digest())));
    AtomicInteger reads = new AtomicInteger();
    ObjectStore garbling =
        new ForwardingObjectStore(objects) {
          @Override
          public Optional<InputStream> open(String name) throws IOException {
            return name.startsWith("runs/") && reads.getAndIncrement() == 0
                ? Optional.of(new ByteArrayInputStream("{ \"schema\"".getBytes(UTF_8)))
                : super.open(name);
          }
        };

    assertThat(collector(garbling).find(NO_GRACE).garbage()).isEmpty();
    assertThat(reads).hasValue(2);
  }

  /** Noise on the line, and what a proxy says in the store's place. */
  @ParameterizedTest
  @ValueSource(strings = {"{ %d", "<html>Log in</html>"})
  void find_runAnsweredByAnother_isTheConnectionsFault(String answer) throws Exception {
    record("run", List.of(execute(1, blob("source").digest())));
    AtomicInteger reads = new AtomicInteger();
    ObjectStore garbling =
        new ForwardingObjectStore(objects) {
          @Override
          public Optional<InputStream> open(String name) throws IOException {
            byte[] garbled = answer.formatted(reads.incrementAndGet()).getBytes(UTF_8);
            return name.startsWith("runs/")
                ? Optional.of(new ByteArrayInputStream(garbled))
                : super.open(name);
          }
        };

    assertThatThrownBy(() -> collector(garbling).find(NO_GRACE))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(
            "Cannot read runs/run.json: what is read is not what the store says");
  }

  @Test
  void delete_recordThatIsNone_stopsAndNamesIt(@TempDir Path folder) throws Exception {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Path record = Files.writeString(elsewhere.resolve("a.json"), "{}");
    Map<String, Damage> damages = new LinkedHashMap<>();
    damages.put(
        "runs",
        runs -> {
          Files.delete(runs.resolve("run.json"));
          Files.delete(runs);
          Files.createSymbolicLink(runs, elsewhere);
        });
    damages.put(
        "runs/run.json",
        runs -> {
          Files.delete(runs.resolve("run.json"));
          Files.createSymbolicLink(runs.resolve("run.json"), record);
        });
    damages.put("runs/b.json", runs -> Files.createDirectory(runs.resolve("b.json")));
    damages.put("runs/b (1).json", runs -> Files.createFile(runs.resolve("b (1).json")));
    damages.put("runs/b.json.gz", runs -> Files.createFile(runs.resolve("b.json.gz")));
    damages.put(
        "runs/c/b.json",
        runs -> Files.createFile(Files.createDirectory(runs.resolve("c")).resolve("b.json")));
    int number = 0;
    for (Map.Entry<String, Damage> damage : damages.entrySet()) {
      Path root = folder.resolve("store" + number++);
      try (LocalObjectStore store = LocalObjectStore.open(root)) {
        new RunLog(store).append(run("run", new Chain(store).execute(2)));
        new Chain(store).execute(4);
        damage.getValue().in(root.resolve("runs"));
        SortedMap<String, Digest> before = StoreContents.of(store, "");

        assertThatThrownBy(() -> collector(store).delete(NO_GRACE))
            .isInstanceOf(StoreException.class)
            .hasMessageStartingWith("Cannot collect garbage: " + damage.getKey() + " in " + root);

        assertThat(StoreContents.of(store, "")).isEqualTo(before);
        assertThat(
                new StoreCheck(store, (d, t, b) -> {}, OutputFormats::fault).checkAll().problems())
            .singleElement()
            .asString()
            .startsWith(damage.getKey() + " is no plain file with the name of a run's record");
      }
    }
  }

  @FunctionalInterface
  private interface Damage {
    void in(Path runs) throws IOException;
  }

  @Test
  void find_noRunBesideActions_isAnErrorUnlessAskedFor() throws Exception {
    RunRecord.Step step = execute(1, blob("source").digest());
    GarbageCollector strict =
        new GarbageCollector(
            objects, List.of(), GarbageCollector.Runless.REFUSED, line -> {}, (d, t, b) -> {});

    assertThatThrownBy(() -> strict.delete(NO_GRACE))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot collect garbage: no run is on record in memory:, so 1 ")
        .hasMessageContaining("; bring back runs/ if it was moved");

    assertThat(objects.stat(step.key().nameIn("ac"))).isPresent();
    assertThat(strict.delete(Duration.ofHours(24)).orElseThrow().garbage()).isEmpty();
    assertThat(collector(objects).delete(NO_GRACE).orElseThrow().garbage()).isNotEmpty();
  }

  @Test
  void find_pinnedActionsThatTheStoreLacks_areNotAskedFor() throws Exception {
    RunRecord.Step step = execute(1, blob("source").digest());
    List<ActionKey> pinned = new ArrayList<>();
    pinned.add(step.key());
    for (int i = 0; i < 1000; i++) {
      pinned.add(Preimage.of("stage", 1).parameter("other", i).build().key());
    }
    AtomicInteger questions = new AtomicInteger();
    ObjectStore counting =
        new ForwardingObjectStore(objects) {
          @Override
          public Optional<InputStream> open(String name) throws IOException {
            questions.incrementAndGet();
            return super.open(name);
          }

          @Override
          public Optional<StoredObject> stat(String name) throws IOException {
            questions.incrementAndGet();
            return super.stat(name);
          }
        };
    List<String> heard = new ArrayList<>();

    GarbageCollector.Survey findings =
        new GarbageCollector(
                counting,
                pinned,
                GarbageCollector.Runless.REFUSED,
                line -> {},
                (done, total, bytes) -> heard.add(done + " of " + total))
            .find(NO_GRACE);

    assertThat(findings.garbage()).isEmpty();
    assertThat(questions).hasValueLessThan(10);
    assertThat(heard).containsExactly("1 of 1");
  }

  @Test
  void delete_diskFull_saysThatACollectionNeedsSpaceToo() throws Exception {
    ObjectStore full =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean create(String name, Blob content) throws IOException {
            throw new StoreException(StoreException.StoreFault.FULL, "Cannot write", null);
          }
        };

    assertThatThrownBy(() -> collector(full).delete(NO_GRACE))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "Cannot collect garbage: the disk is full, and to announce a collection takes a few KiB"
                + " of it (memory:); free that much by hand, then try again");
  }

  @Test
  void find_runGoneSinceItWasListed_isAnError() throws Exception {
    record("run", List.of(execute(1, blob("source").digest())));
    ObjectStore fading =
        new ForwardingObjectStore(objects) {
          @Override
          public Optional<InputStream> open(String name) throws IOException {
            return name.startsWith("runs/") ? Optional.empty() : super.open(name);
          }
        };

    assertThatThrownBy(() -> collector(fading).find(NO_GRACE))
        .hasMessageStartingWith("Cannot collect garbage: the record of run run went away");
  }

  @Test
  void delete_besideRunsThatReuseOldActions_deletesNothingLive() throws Exception {
    int collections = 0;
    for (int round = 0; round < 50; round++) {
      MemoryObjectStore store = new MemoryObjectStore();
      // A run that was killed: recorded actions and blobs that no run has on record.
      new Chain(store).execute(4);
      Random random = new Random(round);
      AtomicBoolean running = new AtomicBoolean(true);
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        long head = random.nextInt(2_000_000);
        Future<Integer> collector =
            pool.submit(
                () -> {
                  int done = 0;
                  while (running.get()) {
                    done += collector(store).delete(NO_GRACE).isPresent() ? 1 : 0;
                    Thread.sleep(1);
                  }
                  return done + (collector(store).delete(NO_GRACE).isPresent() ? 1 : 0);
                });
        Future<?> run =
            pool.submit(
                () -> {
                  long start = System.nanoTime();
                  while (System.nanoTime() - start < head) {
                    Thread.onSpinWait();
                  }
                  try (LeasedStore leased = LeasedStore.use(store, "run", line -> {})) {
                    List<RunRecord.Step> steps = new Chain(leased).execute(8);
                    new RunLog(leased).append(run("run", steps));
                  }
                  return null;
                });
        run.get();
        running.set(false);
        collections += collector.get();
      } finally {
        pool.shutdownNow();
      }
      BlobStore blobs = new BlobStore(store, event -> {});
      ActionCache cache = new ActionCache(store, blobs, event -> {});
      for (RunRecord.Step step : new RunLog(store).find("run").orElseThrow().steps()) {
        assertThat(cache.lookupVerified(step.key())).as("round " + round).isPresent();
        assertThat(cache.preimage(step.key())).isPresent();
      }
      List<String> leases = new ArrayList<>();
      store.list("leases/", entry -> leases.add(entry.name()));
      store.list("collections/", entry -> leases.add(entry.name()));
      assertThat(leases).isEmpty();
    }
    assertThat(collections).isGreaterThanOrEqualTo(50);
  }

  /** Actions that depend on each other, the same ones every time. */
  private record Chain(ObjectStore store) {
    List<RunRecord.Step> execute(int actions) throws Exception {
      BlobStore blobs = new BlobStore(store, event -> {});
      ActionCache cache = new ActionCache(store, blobs, event -> {});
      CachingExecutor executor =
          new CachingExecutor(cache, blobs, new ProvenanceLog(store, "test", "chain"));
      List<RunRecord.Step> steps = new ArrayList<>();
      Digest before = Digest.of(new byte[0]);
      for (int i = 0; i < actions; i++) {
        Preimage preimage =
            Preimage.of("chain", 1).parameter("number", i).input("before", before).build();
        Blob out = blob("out " + i);
        Outcome outcome = executor.execute(preimage, () -> Map.of("out", out));
        steps.add(
            RunRecord.Step.of(
                ActionName.ofRound("chain", "chain", 1), Set.of("chain"), preimage.key(), outcome));
        before = out.digest();
      }
      return steps;
    }
  }

  private static GarbageCollector collector(ObjectStore store) {
    return new GarbageCollector(
        store, List.of(), GarbageCollector.Runless.COLLECTED, line -> {}, (d, t, b) -> {});
  }

  private RunRecord.Step execute(int number, Digest input) throws Exception {
    BlobStore blobs = new BlobStore(objects, event -> {});
    CachingExecutor executor =
        new CachingExecutor(
            new ActionCache(objects, blobs, event -> {}),
            blobs,
            new ProvenanceLog(objects, "test", "run"));
    Preimage preimage =
        Preimage.of("stage", 1).parameter("number", number).input("in", input).build();
    Outcome outcome = executor.execute(preimage, () -> Map.of("out", blob("o" + number)));
    return RunRecord.Step.of(
        ActionName.ofRound("stage", "model", 1), Set.of("model"), preimage.key(), outcome);
  }

  private void record(String id, List<RunRecord.Step> steps) throws IOException {
    new RunLog(objects).append(run(id, steps));
  }

  private static RunRecord run(String id, List<RunRecord.Step> steps) {
    return new RunRecord(id, "spec", "test", Instant.now(), Instant.now(), "host", 1, steps);
  }

  private List<String> names(String prefix) {
    List<String> names = new ArrayList<>();
    objects.list(prefix, entry -> names.add(entry.name()));
    return names;
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }

  @Test
  void find_preimageMissing_keepsAllBlobsAndSaysSo() throws Exception {
    BlobStore blobs = new BlobStore(objects, event -> {});
    Blob source = blob("source");
    blobs.put(source);
    RunRecord.Step step = execute(1, source.digest());
    record("run", List.of(step));
    objects.delete(BlobStore.nameOf(blobs.find(step.key().sha256()).orElseThrow()));
    List<String> notes = new ArrayList<>();

    GarbageCollector.Survey findings =
        new GarbageCollector(
                objects, List.of(), GarbageCollector.Runless.REFUSED, notes::add, (d, t, b) -> {})
            .delete(NO_GRACE)
            .orElseThrow();

    assertThat(findings.garbage()).isEmpty();
    assertThat(blobs.contains(source.digest())).isTrue();
    assertThat(notes).singleElement().asString().startsWith("All blobs are kept: what 1 action ");
  }

  @Test
  void find_damagedManifest_movesNothing() throws Exception {
    record("run", List.of(execute(1, blob("source").digest())));
    String name = names("ac/").get(0);
    objects.delete(name);
    objects.create(name, blob("garbled"));
    List<String> before = names("");

    collector(objects).find(NO_GRACE);

    assertThat(names("")).isEqualTo(before);
  }

  @Test
  void close_whileDeleting_deletesNothingMore() throws Exception {
    for (int i = 0; i < 20; i++) {
      execute(i, blob("source").digest());
    }
    int before = names("").size();
    GarbageCollector[] collector = new GarbageCollector[1];
    ObjectStore store =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean delete(String name) throws IOException {
            boolean deleted = super.delete(name);
            if (name.startsWith("ac/")) {
              new Thread(collector[0]::close).start();
            }
            return deleted;
          }

          @Override
          public int parallelism() {
            return 1;
          }
        };
    collector[0] =
        new GarbageCollector(
            store, List.of(), GarbageCollector.Runless.COLLECTED, line -> {}, (d, t, b) -> {});

    try {
      collector[0].delete(NO_GRACE);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("closed");
    }

    List<String> after = names("");
    assertThat(after).noneMatch(name -> name.startsWith("collections/"));
    assertThat(after.size()).isLessThan(before);
  }

  @Test
  void check_preimageMissingOrSizeFalse_areToldAndMended() throws Exception {
    BlobStore blobs = new BlobStore(objects, event -> {});
    RunRecord.Step one = execute(1, blob("source").digest());
    RunRecord.Step two = execute(2, blob("source").digest());
    objects.delete(BlobStore.nameOf(blobs.find(one.key().sha256()).orElseThrow()));
    objects.delete(two.key().nameIn("ac"));
    Digest out = blob("o2").digest();
    objects.create(
        two.key().nameIn("ac"), Manifest.of(Map.of("out", new Digest(out.sha256(), 99))).blob());

    List<String> problems =
        new StoreCheck(objects, (d, t, b) -> {}, OutputFormats::fault).checkAll().problems();

    assertThat(problems)
        .hasSize(2)
        .anySatisfy(p -> assertThat(p).contains("lacks what its key was made of"))
        .anySatisfy(p -> assertThat(p).contains("it states 99 bytes of out, which has 2"));
    assertThat(blobs.contains(out)).isTrue();
  }
}
