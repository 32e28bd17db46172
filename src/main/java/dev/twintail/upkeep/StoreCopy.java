package dev.twintail.upkeep;

import dev.twintail.action.ActionCache;
import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.action.SmallObjects;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.record.AttemptLog;
import dev.twintail.record.RunLog;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStore.StoredObject;
import dev.twintail.store.StoreException;
import dev.twintail.store.VerifyingBlob;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Brings one store what another has and it lacks: blobs first, then manifests, then the rest, so
 * that it is right at any instant. Interrupted, it goes on with what is still missing. Blobs are
 * streamed, and verified before they get their names; manifests must be well-formed, and come only
 * with all their blobs, and records must be what their names say. A record that is cut in the
 * target is put aside there and copied anew. What is in quarantine stays where it is.
 */
public final class StoreCopy {
  private static final String DISPUTED = "disputed/";

  /** How often a blob is copied that is intact and does not arrive so. */
  private static final int ATTEMPTS = 3;

  private static final List<String> RECORDS =
      List.of(
          "provenance/",
          "conflicts/",
          DISPUTED,
          ManifestPacks.FOLDER,
          "signatures/",
          "verifications/",
          AttemptLog.FOLDER,
          RunLog.FOLDER);

  private final ObjectStore from;
  private final ObjectStore to;
  private final int parallelism;
  private final StoreProgress progress;

  /**
   * What was copied.
   *
   * @param objects how many, of all kinds
   * @param bytes their size
   * @param present how many were there before
   * @param problems what could not be copied or does not agree, one line each, sorted
   */
  public record CopyReport(int objects, long bytes, int present, List<String> problems) {
    public CopyReport {
      problems = problems.stream().sorted().toList();
    }
  }

  /**
   * @param parallelism how many objects are copied at once
   */
  public StoreCopy(ObjectStore from, ObjectStore to, int parallelism, StoreProgress progress) {
    this.from = from;
    this.to = to;
    this.parallelism = parallelism;
    this.progress = progress;
  }

  /**
   * Copies what is missing.
   *
   * @throws IOException if a store cannot be read or written; what was copied stays
   */
  public CopyReport copy() throws IOException, InterruptedException {
    return new Copying().copy();
  }

  /** One listing of the source. */
  @FunctionalInterface
  private interface Finding {
    void run() throws IOException;
  }

  /** One copy under way. */
  private final class Copying {
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
    private final BlobStore source = new BlobStore(from, problems::add);
    private final BlobStore target = new BlobStore(to, problems::add);
    private final ActionCache manifests = new ActionCache(from, source, problems::add);
    private final ActionCache targetManifests = new ActionCache(to, target, problems::add);

    /** What the target holds of the source's blobs, so that it need not be asked for each. */
    private final Set<Digest> held = ConcurrentHashMap.newKeySet();

    private final AtomicInteger done = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** What is known of so far. */
    private final AtomicInteger total = new AtomicInteger();

    private final AtomicInteger present = new AtomicInteger();

    CopyReport copy() throws IOException, InterruptedException {
      Map<String, Long> there = new HashMap<>();
      to.list("", entry -> there.put(entry.name(), entry.size()));
      // Before the blobs: where a run works in the source, all blobs of these are found then.
      List<ActionKey> actions = new ArrayList<>();
      List<StoredObject> records = Collections.synchronizedList(new ArrayList<>());
      List<Finding> findings = new ArrayList<>();
      findings.add(() -> findActions(there.keySet(), actions));
      RECORDS.forEach(folder -> findings.add(() -> findRecords(folder, there, records)));
      findings.add(() -> from.listForeign(RunLog.FOLDER, this::tellForeign));
      Parallel.forEach(findings, parallelism, Finding::run);
      total.addAndGet(actions.size() + records.size());
      Parallel.forEachFound(
          found -> findBlobs(there, found), BlobStore.LARGEST_FIRST, parallelism, this::copyBlob);
      Parallel.forEach(actions, parallelism, this::copyManifest);
      Parallel.forEach(records, parallelism, this::copyRecord);
      return new CopyReport(done.get(), bytes.get(), present.get(), problems);
    }

    private void findActions(Set<String> there, List<ActionKey> missing) throws IOException {
      manifests.list(
          key -> {
            if (there.contains(key.nameIn("ac"))) {
              present.incrementAndGet();
            } else {
              missing.add(key);
            }
          });
    }

    private void tellForeign(String name) {
      problems.add(name + " is no plain file with the name of a run's record, and was not copied");
    }

    private void findRecords(String folder, Map<String, Long> there, List<StoredObject> missing)
        throws IOException {
      from.list(
          folder,
          entry -> {
            Long size = there.get(entry.name());
            boolean comparable = RecordKind.of(entry.name()).isPresent();
            if (size != null && (size == entry.size() || !comparable)) {
              present.incrementAndGet();
            } else {
              missing.add(entry);
            }
          });
    }

    private void findBlobs(Map<String, Long> there, Consumer<Digest> missing) throws IOException {
      source.list(
          digest -> {
            if (Long.valueOf(digest.size()).equals(there.get(BlobStore.nameOf(digest)))) {
              present.incrementAndGet();
              held.add(digest);
            } else {
              total.incrementAndGet();
              missing.accept(digest);
            }
          });
    }

    private void copyBlob(Digest digest) throws IOException {
      for (int attempt = 1; !held.contains(digest); attempt++) {
        try {
          target.putCopy(source.stream(digest));
          held.add(digest);
        } catch (IOException e) {
          if (!source.verify(digest)) {
            if (source.contains(digest)) {
              problems.add("Blob " + digest.abbreviated() + "… is damaged and was not copied");
            }
            return;
          }
          if (attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
      advance(digest.size());
    }

    private void copyManifest(ActionKey key) throws IOException {
      Optional<Manifest> manifest = manifests.lookup(key);
      if (manifest.isEmpty()) {
        return;
      }
      for (Digest digest : manifest.get().outputs().values()) {
        if (!held.contains(digest) && !target.contains(digest)) {
          problems.add(
              "Action %s… was not copied: its blob %s… is missing"
                  .formatted(key.abbreviated(), digest.abbreviated()));
          return;
        }
      }
      Blob blob = manifest.get().blob();
      if (!to.create(key.nameIn("ac"), blob) && !targetManifests.lookup(key).equals(manifest)) {
        problems.add("Action " + key.abbreviated() + "… has another result in " + to.location());
        return;
      }
      advance(blob.digest().size());
    }

    private void copyRecord(StoredObject entry) throws IOException {
      String last = entry.name().substring(entry.name().lastIndexOf('/') + 1);
      if (entry.name().startsWith(DISPUTED) && Digest.isSha256(last)) {
        copyDisputed(entry.name(), new Digest(last, entry.size()));
        return;
      }
      try {
        Optional<RecordKind> kind = RecordKind.of(entry.name());
        Optional<byte[]> content =
            kind.isPresent()
                ? kind.get().read(from, entry.name())
                : SmallObjects.read(from, entry.name(), SmallObjects.RECORD);
        if (content.isEmpty()) {
          return;
        }
        Blob blob = Blob.of(content.get());
        if (to.create(entry.name(), blob)
            || kind.isEmpty()
            || mend(kind.get(), entry.name(), blob)) {
          advance(content.get().length);
        }
      } catch (MalformedException e) {
        problems.add(
            "%s is damaged and was not copied (%s)".formatted(entry.name(), e.getMessage()));
      }
    }

    /** Returns whether the target holds the record now, in whose place it has something else. */
    private boolean mend(RecordKind kind, String name, Blob blob) throws IOException {
      try {
        Optional<byte[]> there = kind.read(to, name);
        if (there.isEmpty()) {
          return to.create(name, blob);
        }
        if (Digest.of(there.get()).equals(blob.digest())) {
          return true;
        }
        problems.add(name + " has other content in " + to.location() + " and was not copied");
        return false;
      } catch (MalformedException e) {
        String aside = putAside(name);
        problems.add(
            "%s was damaged in %s (%s); moved to %s and copied anew"
                .formatted(name, to.location(), e.getMessage(), aside));
        return to.create(name, blob);
      }
    }

    private String putAside(String name) throws IOException {
      Digest digest;
      try (InputStream in = open(to, name)) {
        digest = Digest.of(in);
      }
      String last = name.substring(name.lastIndexOf('/') + 1);
      String aside = "quarantine/" + last + "-" + digest.abbreviated();
      to.create(aside, new VerifyingBlob(Blob.of(digest, () -> open(to, name))));
      to.delete(name);
      return aside;
    }

    /** Copies what came out of an action otherwise: it has any size, and is named by its digest. */
    private void copyDisputed(String name, Digest digest) throws IOException {
      try {
        to.createCopy(name, new VerifyingBlob(Blob.of(digest, () -> open(from, name))));
      } catch (IOException e) {
        try (InputStream in = open(from, name)) {
          if (Digest.of(in).equals(digest)) {
            throw e;
          }
        }
        problems.add(name + " is damaged and was not copied");
        return;
      }
      advance(digest.size());
    }

    private InputStream open(ObjectStore store, String name) throws IOException {
      return store
          .open(name)
          .orElseThrow(
              () ->
                  new StoreException(
                      "Cannot read %s: it is gone (%s)".formatted(name, store.location())));
    }

    private void advance(long size) {
      progress.advanced(done.incrementAndGet(), total.get(), bytes.addAndGet(size));
    }
  }
}
