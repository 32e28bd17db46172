package dev.twintail.upkeep;

import dev.twintail.action.ActionCache;
import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.record.RunLog;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStore.StoredObject;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reads a store again and tells what is wrong in it. What is damaged goes to the quarantine. */
public final class StoreCheck {
  /** Larger blobs are hashed as they pass, and not held in memory. */
  private static final long MOST_READ = 16 << 20;

  private final ObjectStore objects;
  private final StoreProgress progress;
  private final Contents contents;

  /** Tells whether bytes are of the format that the name of an output promises. */
  @FunctionalInterface
  public interface Contents {
    /** Returns what is odd about them, in one line, if anything is. */
    Optional<String> fault(String output, byte[] bytes);
  }

  /** Who names a blob as its output. */
  private record Output(ActionKey key, String name) {}

  /**
   * What was found.
   *
   * @param blobs how many were hashed
   * @param bytes their size
   * @param manifests how many were read
   * @param records how many runs, executions, verifications, signatures and packs were read
   * @param problems one line each, sorted
   */
  public record StoreCheckReport(
      int blobs, long bytes, int manifests, int records, List<String> problems) {
    public StoreCheckReport {
      problems = problems.stream().sorted().toList();
    }
  }

  /**
   * @param contents looks into what actions put out
   */
  public StoreCheck(ObjectStore objects, StoreProgress progress, Contents contents) {
    this.objects = objects;
    this.progress = progress;
    this.contents = contents;
  }

  /** Hashes every blob and reads every manifest and record. */
  public StoreCheckReport checkAll() throws IOException, InterruptedException {
    return checkSample(Integer.MAX_VALUE);
  }

  /** Hashes {@code atMost} blobs, other ones each time, and reads every manifest and record. */
  public StoreCheckReport checkSample(int atMost) throws IOException, InterruptedException {
    List<String> problems = Collections.synchronizedList(new ArrayList<>());
    BlobStore blobs = new BlobStore(objects, problems::add);
    ActionCache cache = new ActionCache(objects, blobs, problems::add);
    List<Digest> all = new ArrayList<>();
    blobs.list(all::add);
    List<Digest> chosen = new ArrayList<>(all);
    if (atMost < all.size()) {
      Collections.shuffle(chosen, new Random());
      chosen = new ArrayList<>(chosen.subList(0, atMost));
    }
    chosen.sort(BlobStore.LARGEST_FIRST);
    List<ActionKey> keys = new ArrayList<>();
    cache.list(keys::add);
    List<String> strays = new RunLog(objects).strays();
    List<StoredObject> records = new ArrayList<>();
    for (RecordKind kind : RecordKind.values()) {
      objects.list(kind.folder(), records::add);
    }
    records.removeIf(entry -> strays.contains(entry.name()));
    int total = chosen.size() + keys.size() + records.size();
    AtomicInteger done = new AtomicInteger();
    AtomicLong bytes = new AtomicLong();
    Map<ActionKey, Manifest> manifests = new ConcurrentSkipListMap<>();
    Map<Digest, Output> outputs = new ConcurrentHashMap<>();
    Parallel.forEach(
        keys,
        objects.parallelism(),
        key -> {
          Optional<Manifest> manifest = cache.lookup(key);
          if (manifest.isPresent()) {
            manifests.put(key, manifest.get());
            manifest
                .get()
                .outputs()
                .forEach((name, digest) -> outputs.putIfAbsent(digest, new Output(key, name)));
          }
          progress.advanced(done.incrementAndGet(), total, bytes.get());
        });
    Set<Digest> lost = Collections.synchronizedSet(new HashSet<>());
    Parallel.forEach(
        chosen,
        objects.parallelism(),
        digest -> {
          if (!isIntact(blobs, digest, outputs.get(digest), problems)) {
            lost.add(digest);
          }
          progress.advanced(done.incrementAndGet(), total, bytes.addAndGet(digest.size()));
        });
    Set<Digest> present = new HashSet<>(all);
    present.removeAll(lost);
    Set<String> keyed = new HashSet<>();
    present.forEach(digest -> keyed.add(digest.sha256()));
    List<String> packs = Collections.synchronizedList(new ArrayList<>());
    Parallel.forEach(
        records,
        objects.parallelism(),
        entry -> {
          RecordKind kind = RecordKind.of(entry.name()).orElseThrow();
          if (isWhole(kind, entry, problems) && kind == RecordKind.PACK) {
            packs.add(entry.name());
          }
          progress.advanced(done.incrementAndGet(), total, bytes.get());
        });
    for (String stray : strays) {
      problems.add(
          stray
              + " is no plain file with the name of a run's record, and is not read; make it"
              + " one, runs/<id>.json, or take it away: gc does nothing before");
    }
    for (String folder : List.of("ac/", BlobStore.FOLDER)) {
      objects.listForeign(folder, name -> addObstacle(name, problems));
    }
    ManifestPacks.compare(
        objects,
        packs,
        manifests,
        (key, pack) ->
            problems.add(
                ("Action %s… has other outputs in %s than in %s: one of them was altered, or is another"
                        + " action's; verify tells: if it finds other bytes, delete %2$s and run,"
                        + " else delete %3$s")
                    .formatted(key.abbreviated(), key.nameIn("ac"), pack)));
    Parallel.forEach(
        keys,
        objects.parallelism(),
        key -> {
          if (!keyed.contains(key.sha256())) {
            problems.add(
                "Action "
                    + key.abbreviated()
                    + "… lacks what its key was made of; the next run that uses it puts it back");
          }
          Manifest manifest = manifests.get(key);
          if (manifest != null && !cache.refute(key, manifest)) {
            addLacks(key, manifest, present, problems);
          }
        });
    return new StoreCheckReport(chosen.size(), bytes.get(), keys.size(), records.size(), problems);
  }

  /** Tells of a folder or a link in the place of an object: nothing can be kept there. */
  private static void addObstacle(String name, List<String> problems) {
    if (Digest.isSha256(name.substring(name.lastIndexOf('/') + 1))) {
      problems.add(name + " is no plain file, so that a run cannot write it; take it away");
    }
  }

  private static void addLacks(
      ActionKey key, Manifest manifest, Set<Digest> present, List<String> problems) {
    manifest
        .outputs()
        .forEach(
            (name, digest) -> {
              if (!present.contains(digest)) {
                problems.add(
                    "Action %s… lacks %s (%s…); it will be recomputed when a run needs it"
                        .formatted(key.abbreviated(), name, digest.abbreviated()));
              }
            });
  }

  /** Hashes a blob; of one that an action names, what is in it is looked at, too. */
  private boolean isIntact(
      BlobStore blobs, Digest digest, @Nullable Output output, List<String> problems)
      throws IOException {
    if (output == null || digest.size() > MOST_READ) {
      return blobs.verify(digest);
    }
    Optional<Blob> blob = blobs.get(digest);
    if (blob.isEmpty()) {
      return false;
    }
    Optional<String> fault = contents.fault(output.name(), blob.get().bytes());
    fault.ifPresent(
        reason ->
            problems.add(
                ("Blob %s… is not what action %s… says, its %s: %s; a run that reads it puts the"
                        + " record aside")
                    .formatted(
                        digest.abbreviated(), output.key().abbreviated(), output.name(), reason)));
    return true;
  }

  /** Reads a record, and tells if it is none. */
  private boolean isWhole(RecordKind kind, StoredObject entry, List<String> problems)
      throws IOException {
    if (entry.size() > kind.most()) {
      problems.add(
          entry.name()
              + " has "
              + entry.size()
              + " bytes, more than it may have, and is passed over; delete it");
      return false;
    }
    try {
      kind.read(objects, entry.name());
      return true;
    } catch (MalformedException e) {
      problems.add(
          ("%s is damaged and tells nothing (%s); pull it from a store that has it, after deleting it"
                  + " here if it has the same size there%s")
              .formatted(
                  entry.name(),
                  e.getMessage(),
                  kind == RecordKind.RUN ? "; gc does nothing before" : ""));
    } catch (StoreException e) {
      if (e.kind() != StoreException.StoreFault.READ_DENIED) {
        throw e;
      }
      problems.add(String.valueOf(e.getMessage()));
    }
    return false;
  }
}
