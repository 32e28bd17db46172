package dev.twintail.action;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Digest;
import dev.twintail.stage.OutputFormats;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ChildJvm;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.s3.EmbeddedS3;
import dev.twintail.store.s3.FaultyProxy;
import dev.twintail.store.s3.FaultyProxy.Fault;
import dev.twintail.upkeep.StoreCheck;
import java.io.BufferedReader;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole chains of actions on S3: beside each other, through bad networks, and killed. */
class S3ActionsTest {
  private static final int ACTIONS = 12;

  private static EmbeddedS3 server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedS3.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void run_everyThirdRequestFails_endsWithTheSameBlobs() throws Exception {
    Fault[] faults = {
      Fault.RESET_BEFORE,
      Fault.RESET_AFTER,
      Fault.RESET_IN_BODY,
      Fault.TRUNCATED,
      Fault.WRONG_BYTES,
      Fault.ERROR_500,
      Fault.ERROR_500_AFTER,
      Fault.SLOW_DOWN_503,
      Fault.CONFLICT_409
    };
    for (int seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      try (FaultyProxy proxy = FaultyProxy.before(server.endpoint());
          ObjectStore faulty = EmbeddedS3.storeAt("faults-" + seed, proxy.endpoint());
          ObjectStore direct = EmbeddedS3.storeAt("faults-" + seed, server.endpoint())) {
        proxy.follow(
            (request, number) -> {
              synchronized (random) {
                Fault fault =
                    random.nextDouble() < 0.3 ? faults[random.nextInt(faults.length)] : Fault.NONE;
                // A listing has no digest that could tell.
                return fault == Fault.WRONG_BYTES && !request.contains("/cas/")
                    ? Fault.RESET_AFTER
                    : fault;
              }
            });

        assertThat(new Workout(faulty, ACTIONS).run()).isEqualTo(ACTIONS);
        assertThat(new Workout(faulty, ACTIONS).run()).isZero();

        assertThat(proxy.faults() / (double) proxy.requests()).isBetween(0.2, 0.4);
        assertThat(contents(direct)).isEqualTo(expected());
        assertThat(names(direct, "quarantine/")).isEmpty();
        assertThat(names(direct, "conflicts/")).isEmpty();
      }
    }
  }

  @Test
  void run_fourProcesses_haveTheSameBlobs() throws Exception {
    runTogether(4, "together-4", ACTIONS);
  }

  @Test
  @Tag("slow")
  void run_sixteenProcesses_haveTheSameBlobs() throws Exception {
    runTogether(16, "together-16", ACTIONS);
  }

  @Test
  @Tag("slow")
  void run_sixteenProcessesOnAFolder_haveTheSameBlobs(@TempDir Path folder) throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      processes.add(ChildJvm.start(Workout.class, folder.toString(), Integer.toString(ACTIONS)));
    }
    awaitAll(processes);
    try (ObjectStore objects = LocalObjectStore.open(folder)) {
      assertThat(contents(objects)).isEqualTo(expected());
    }
  }

  private static void runTogether(int count, String prefix, int actions) throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      processes.add(child(prefix, actions));
    }
    awaitAll(processes);
    try (ObjectStore objects = EmbeddedS3.storeAt(prefix, server.endpoint())) {
      assertThat(contents(objects)).isEqualTo(expected());
      assertThat(names(objects, "conflicts/")).isEmpty();
    }
  }

  private static void awaitAll(List<Process> processes) throws Exception {
    for (Process process : processes) {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
  }

  @Test
  void lookup_besideAWriter_seesOnlyWholeActions() throws Exception {
    Process writer = child("reader", 40);
    int seen = 0;
    List<String> events = new ArrayList<>();
    try (ObjectStore objects = EmbeddedS3.storeAt("reader", server.endpoint())) {
      while (writer.isAlive()) {
        BlobStore blobs = new BlobStore(objects, events::add);
        ActionCache cache = new ActionCache(objects, blobs, events::add);
        List<ActionKey> keys = new ArrayList<>();
        cache.list(keys::add);
        for (ActionKey key : keys) {
          assertThat(cache.lookupVerified(key)).isPresent();
          assertThat(cache.preimage(key)).isPresent();
        }
        seen = Math.max(seen, keys.size());
      }
    }
    assertThat(writer.exitValue()).isZero();
    assertThat(seen).isPositive();
    assertThat(events).isEmpty();
  }

  @Test
  void run_killedBetweenBlobsAndManifest_isRepeated() throws Exception {
    Process killed =
        ChildJvm.start(KilledBeforeManifest.class, "killed", server.endpoint().toString());
    assertThat(killed.waitFor()).isEqualTo(KilledBeforeManifest.STATUS);

    try (ObjectStore objects = EmbeddedS3.storeAt("killed", server.endpoint())) {
      assertThat(names(objects, "cas/")).isNotEmpty();
      assertThat(names(objects, "ac/")).isEmpty();
      assertThat(new Workout(objects, ACTIONS).run()).isEqualTo(ACTIONS);
      assertThat(contents(objects)).isEqualTo(expected());
    }
  }

  @Test
  void run_killedAtAnyTime_isRepeated() throws Exception {
    for (int kill = 0; kill < 3; kill++) {
      Process process = child("killed-often", ACTIONS);
      try (BufferedReader said = process.inputReader(UTF_8)) {
        for (int line = 0; line <= kill; line++) {
          said.readLine();
        }
        process.destroyForcibly().waitFor();
      }
    }
    try (ObjectStore objects = EmbeddedS3.storeAt("killed-often", server.endpoint())) {
      new Workout(objects, ACTIONS).run();
      assertThat(contents(objects)).isEqualTo(expected());
      assertThat(
              new StoreCheck(objects, (done, total, bytes) -> {}, OutputFormats::fault)
                  .checkAll()
                  .problems())
          .isEmpty();
    }
  }

  private static Process child(String prefix, int actions) throws Exception {
    return ChildJvm.start(
        Workout.class, prefix, Integer.toString(actions), server.endpoint().toString());
  }

  /** Returns what a chain leaves, without provenance: it tells of times. */
  private static SortedMap<String, Digest> expected() throws Exception {
    MemoryObjectStore alone = new MemoryObjectStore();
    new Workout(alone, ACTIONS).run();
    return contents(alone);
  }

  private static SortedMap<String, Digest> contents(ObjectStore objects) throws Exception {
    SortedMap<String, Digest> contents = new TreeMap<>();
    for (String folder : List.of("ac/", "cas/")) {
      for (String name : names(objects, folder)) {
        Optional<InputStream> opened = objects.open(name);
        try (InputStream in = opened.orElseThrow()) {
          contents.put(name, Digest.of(in));
        }
      }
    }
    return contents;
  }

  private static List<String> names(ObjectStore objects, String prefix) throws Exception {
    List<String> names = new ArrayList<>();
    objects.list(prefix, entry -> names.add(entry.name()));
    return names;
  }
}
