package dev.twintail.upkeep;

import dev.twintail.action.ActionCache;
import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.action.Workout;
import dev.twintail.blob.Blob;
import dev.twintail.record.Attempt;
import dev.twintail.record.AttemptLog;
import dev.twintail.record.Machine;
import dev.twintail.record.RunLog;
import dev.twintail.record.RunRecord;
import dev.twintail.record.VerificationLog;
import dev.twintail.record.VerificationRecord;
import dev.twintail.record.VerificationResult;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.trust.SigningKey;
import dev.twintail.trust.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A store with a record of each kind. */
final class OfEachKind {
  private static final Instant TIME = Instant.parse("2026-11-21T09:30:00.125Z");

  private OfEachKind() {}

  /** Fills an empty store. */
  static void fill(ObjectStore objects, Path folder) throws Exception {
    new Workout(objects, 1).run();
    new RunLog(objects).append(run("x"));
    new AttemptLog(objects)
        .append(
            new Attempt("y", "spec", "test", TIME, TIME, "host", 1, Attempt.Ending.FAILED, "why"));
    ActionCache cache = new ActionCache(objects, new BlobStore(objects, e -> {}), e -> {});
    List<ActionKey> keys = new ArrayList<>();
    cache.list(keys::add);
    ActionKey key = keys.get(0);
    Manifest manifest = cache.lookup(key).orElseThrow();
    new ManifestPacks(objects).add("x", Map.of(key, manifest));
    SigningKey.generate(folder.resolve("key"));
    SigningKey signer = SigningKey.read(folder.resolve("key"));
    Trust trust = Trust.of(objects, List.of(), Optional.of(signer));
    new VerificationLog(objects, trust, e -> {})
        .append(
            new VerificationRecord(
                key,
                manifest.blob().digest(),
                VerificationResult.DIFFERS,
                new TreeMap<>(manifest.outputs()),
                List.of(),
                Optional.empty(),
                new TreeMap<>(),
                Machine.current(),
                "test",
                "z",
                TIME,
                Duration.ofMillis(1)));
  }

  /** Returns a run that did nothing. */
  static RunRecord run(String id) {
    return new RunRecord(id, "spec", "test", TIME, TIME, "host", 1, List.of());
  }

  /** Returns the name of the record of a kind. */
  static String name(ObjectStore objects, RecordKind kind) throws IOException {
    List<String> names = new ArrayList<>();
    objects.list(kind.folder(), entry -> names.add(entry.name()));
    return names.get(0);
  }

  /** Leaves the first bytes of an object. */
  static void truncate(ObjectStore objects, String name, int length) throws IOException {
    byte[] bytes;
    try (InputStream in = objects.open(name).orElseThrow()) {
      bytes = in.readAllBytes();
    }
    objects.delete(name);
    objects.create(name, Blob.of(Arrays.copyOf(bytes, length)));
  }
}
