package dev.twintail.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionCache;
import dev.twintail.action.ActionName;
import dev.twintail.action.CachingExecutor;
import dev.twintail.action.Outcome;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunLog;
import dev.twintail.record.RunRecord;
import dev.twintail.store.BlobStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.s3.EmbeddedS3;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run, a push and collections at once, by way of a network that does its worst. Whatever fails, a
 * run that is on record has all that it used, byte for byte, and everybody comes to an end.
 */
@Tag("slow")
class RandomFaultsTest {
  private static final Duration NO_GRACE = Duration.ofSeconds(-1);

  /** Only what never ends takes as long as that, even where the processors are shared by many. */
  private static final long MOST_SECONDS = 900;

  /** So short that the leases that faults leave do not hold up the others for long. */
  private static final StoreLease.Terms TERMS =
      new StoreLease.Terms(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(12));

  private static EmbeddedS3 server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedS3.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /**
   * {@code -Dtwintail.faults=200} for as many sequences, {@code -Dtwintail.seed=7} for the first.
   */
  static LongStream seeds() {
    long first = Long.getLong("twintail.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("twintail.faults", 3));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void runPushAndCollections_amongRandomFaults_loseNothing(long seed) throws Exception {
    Random random = new Random(seed);
    List<UnrulyNetwork.Vice> vices = new ArrayList<>(Arrays.asList(UnrulyNetwork.Vice.values()));
    Collections.shuffle(vices, random);
    vices = vices.subList(0, 1 + random.nextInt(vices.size()));
    // Listings are relied upon to be true. Where they are late, what is young is safe.
    Duration grace = vices.contains(UnrulyNetwork.Vice.STALE) ? Duration.ofMinutes(5) : NO_GRACE;
    int percent = 5 + random.nextInt(30);
    String prefix = "faults-" + seed;
    Chain run = new Chain("run", 3 + random.nextInt(5));
    Chain pushed = new Chain("pushed", 3 + random.nextInt(5));
    MemoryObjectStore source = new MemoryObjectStore();
    pushed.runIn(source);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try (ObjectStore direct = EmbeddedS3.storeAt(prefix, server.endpoint());
        UnrulyNetwork network =
            UnrulyNetwork.before(server.endpoint(), vices, percent, random.nextLong());
        ObjectStore ones = EmbeddedS3.storeAt(prefix, network.endpoint());
        ObjectStore anothers = EmbeddedS3.storeAt(prefix, network.endpoint());
        ObjectStore collectors = EmbeddedS3.storeAt(prefix, network.endpoint())) {
      // What runs that were killed have left: recorded actions that no run has on record.
      run.execute(direct, run.length() - 1);
      pushed.execute(direct, 2);
      Map<String, Future<Boolean>> all = new LinkedHashMap<>();
      all.put("run", pool.submit(() -> ends(() -> run.leased(ones))));
      all.put("push", pool.submit(() -> ends(() -> push(source, anothers))));
      all.put("gc", pool.submit(() -> ends(() -> collect(collectors, grace))));
      Map<String, Boolean> succeeded = new LinkedHashMap<>();
      for (Map.Entry<String, Future<Boolean>> each : all.entrySet()) {
        succeeded.put(each.getKey(), each.getValue().get(MOST_SECONDS, TimeUnit.SECONDS));
      }
      System.out.printf(
          "seed %d: %d %% of %s, %d faults: %s%n",
          seed, percent, vices, network.mischief(), succeeded);

      Map<String, Chain> onRecord = new LinkedHashMap<>();
      for (String id : new RunLog(direct).ids()) {
        onRecord.put(id, id.equals("run") ? run : pushed);
      }
      // Told is told: who was told of success is on record.
      assertThat(onRecord.containsKey("run") || !succeeded.get("run")).isTrue();
      assertThat(onRecord.containsKey("pushed") || !succeeded.get("push")).isTrue();
      for (Chain chain : onRecord.values()) {
        chain.requireIn(direct);
      }
      requireRightBytes(direct);
      // And a last collection, undisturbed, takes nothing that is on record.
      collect(direct, NO_GRACE);
      for (Chain chain : onRecord.values()) {
        chain.requireIn(direct);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Returns whether it was done; that it failed is told as a failure of the store, and only so. */
  private static boolean ends(Callable<?> work) throws Exception {
    try {
      work.call();
      return true;
    } catch (IOException e) {
      assertThat(e.getMessage()).startsWith("Cannot ");
      return false;
    }
  }

  private static StoreCopy.CopyReport push(ObjectStore source, ObjectStore target)
      throws Exception {
    try (LeasedStore leased = LeasedStore.use(target, "push", TERMS, patience(), line -> {})) {
      StoreCopy.CopyReport report = new StoreCopy(source, leased, 2, (d, t, b) -> {}).copy();
      if (!report.problems().isEmpty()) {
        throw new IOException("Cannot push: " + report.problems());
      }
      return report;
    }
  }

  private static boolean collect(ObjectStore objects, Duration grace) throws Exception {
    boolean done = false;
    for (int i = 0; i < 3; i++) {
      GarbageCollector collector =
          new GarbageCollector(
              objects, List.of(), GarbageCollector.Runless.COLLECTED, line -> {}, (d, t, b) -> {});
      done |= collector.delete(grace, TERMS).isPresent();
    }
    return done;
  }

  private static Duration patience() {
    return Duration.ofSeconds(10);
  }

  private static void requireRightBytes(ObjectStore objects) throws Exception {
    List<String> events = new ArrayList<>();
    BlobStore blobs = new BlobStore(objects, events::add);
    List<Digest> all = new ArrayList<>();
    blobs.list(all::add);
    for (Digest digest : all) {
      assertThat(blobs.verify(digest)).as(digest.sha256()).isTrue();
    }
    assertThat(events).isEmpty();
  }

  /**
   * Actions that depend on each other, the same ones every time.
   *
   * @param name of the chain and of its run
   */
  private record Chain(String name, int length) {
    private Blob output(int number) {
      return Blob.of((name + " output " + number + " ").repeat(100 + 40 * number).getBytes(UTF_8));
    }

    private Preimage preimage(int number) {
      return Preimage.of(name, 1)
          .parameter("number", number)
          .input("before", number == 0 ? Digest.of(new byte[0]) : output(number - 1).digest())
          .build();
    }

    List<RunRecord.Step> execute(ObjectStore objects, int actions) throws Exception {
      BlobStore blobs = new BlobStore(objects, event -> {});
      CachingExecutor executor =
          new CachingExecutor(
              new ActionCache(objects, blobs, event -> {}),
              blobs,
              new ProvenanceLog(objects, "test", name));
      List<RunRecord.Step> steps = new ArrayList<>();
      for (int i = 0; i < actions; i++) {
        Blob output = output(i);
        Outcome outcome = executor.execute(preimage(i), () -> Map.of("out", output));
        steps.add(
            RunRecord.Step.of(
                ActionName.ofRound("work", name, 1), Set.of(name), preimage(i).key(), outcome));
      }
      return steps;
    }

    RunRecord runIn(ObjectStore objects) throws Exception {
      RunRecord record =
          new RunRecord(
              name,
              name,
              "test",
              Instant.now(),
              Instant.now(),
              "host",
              1,
              execute(objects, length));
      new RunLog(objects).append(record);
      return record;
    }

    /** Runs as the command does. */
    Optional<RunRecord> leased(ObjectStore objects) throws Exception {
      try (LeasedStore leased = LeasedStore.use(objects, name, TERMS, patience(), line -> {})) {
        List<RunRecord.Step> steps = execute(leased, length);
        if (leased.lapsed()) {
          requireIn(leased);
        }
        RunRecord record =
            new RunRecord(name, name, "test", Instant.now(), Instant.now(), "host", 1, steps);
        new RunLog(leased).append(record);
        return Optional.of(record);
      }
    }

    void requireIn(ObjectStore objects) throws IOException {
      List<String> events = new ArrayList<>();
      BlobStore blobs = new BlobStore(objects, events::add);
      ActionCache cache = new ActionCache(objects, blobs, events::add);
      for (int i = 0; i < length; i++) {
        String which = name + " " + i;
        assertThat(cache.lookupVerified(preimage(i).key())).as(which).isPresent();
        assertThat(cache.preimage(preimage(i).key())).as(which).isPresent();
        assertThat(blobs.get(output(i).digest()).orElseThrow().bytes())
            .as(which)
            .isEqualTo(output(i).bytes());
      }
      assertThat(events).isEmpty();
    }
  }
}
