package dev.twintail.upkeep;

import dev.twintail.action.ActionCache;
import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.record.AttemptLog;
import dev.twintail.record.RunLog;
import dev.twintail.record.RunRecord;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStore.StoredObject;
import dev.twintail.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds and removes what no run on record needs.
 *
 * <p>Kept are: every action of every run, with its manifest, the blobs that the manifest names, its
 * preimage, its provenance, its verifications and signatures, what it conflicted with, and the
 * blobs that it read; the same of every action younger than the grace period, the packs of every
 * run, the newest of the runs that came to no end, and everything else that young. Runs are never
 * removed: delete {@code runs/<id>.json} to let go of one. What may be a run's record and cannot be
 * read as one stops the collection, and so does the want of any run where actions would go for it.
 *
 * <p>Deletion takes a {@link StoreLease} and does nothing while others use the store. Manifests go
 * before blobs, so that none ever names a blob that was collected. Finding moves and removes
 * nothing.
 */
public final class GarbageCollector implements Closeable {
  private static final List<String> FOLDERS =
      List.of(
          ManifestPacks.FOLDER,
          "ac/",
          AttemptLog.FOLDER,
          "conflicts/",
          "disputed/",
          "provenance/",
          "quarantine/",
          "signatures/",
          "verifications/",
          "cas/");

  /** How many runs that came to no end stay on record, whatever their age. */
  private static final int ATTEMPTS = 100;

  private final ObjectStore objects;
  private final BlobStore blobs;
  private final ActionCache cache;
  private final Set<ActionKey> pinned;
  private final Runless runless;
  private final Consumer<String> note;
  private final StoreProgress progress;
  private volatile @Nullable LeasedStore collecting;

  /** What becomes of actions in a store that has no run on record. */
  public enum Runless {
    /** They stop the collection: the records may have been moved away. */
    REFUSED,
    /** They go as any garbage does, since the caller has said otherwise what is needed. */
    COLLECTED
  }

  /** Why something stays or goes. */
  public enum Disposition {
    USED,
    YOUNG,
    GARBAGE
  }

  /** How many objects of a folder have the same verdict, and their size. */
  public record FolderCount(String folder, Disposition verdict, int objects, long bytes) {}

  /**
   * What is there.
   *
   * @param runs how many there are on record
   * @param rows in the order of folder and verdict
   * @param garbage in the order in which it is to be deleted
   */
  public record Survey(int runs, List<FolderCount> rows, List<StoredObject> garbage) {
    public Survey {
      rows = List.copyOf(rows);
      garbage = List.copyOf(garbage);
    }

    /** Returns how much the garbage takes. */
    public long garbageBytes() {
      return garbage.stream().mapToLong(StoredObject::size).sum();
    }
  }

  /**
   * @param pinned actions to keep beside those of runs, such as those of lock files
   * @param note hears, in one line each, who uses the store and what is odd in it
   * @param progress hears of the actions that were looked up, of no bytes
   */
  public GarbageCollector(
      ObjectStore objects,
      Collection<ActionKey> pinned,
      Runless runless,
      Consumer<String> note,
      StoreProgress progress) {
    this.objects = objects;
    // What is damaged is told of and stays where it is: to judge it is not what was asked for.
    ObjectStore read = LeasedStore.reading(objects, "a collection moves nothing");
    this.blobs = new BlobStore(read, note::accept);
    this.cache = new ActionCache(read, blobs, note::accept);
    this.pinned = Set.copyOf(pinned);
    this.runless = runless;
    this.note = note;
    this.progress = progress;
  }

  /**
   * Finds the garbage and leaves it.
   *
   * @throws IOException if a run is not readable, since what it needs is not known then, or if
   *     there is none
   */
  public Survey find(Duration grace) throws IOException, InterruptedException {
    return find(Instant.now().minus(grace));
  }

  /**
   * Deletes the garbage.
   *
   * @return what was found and is deleted now; empty, with nothing done, if others use the store
   */
  public Optional<Survey> delete(Duration grace) throws IOException, InterruptedException {
    return delete(grace, StoreLease.Terms.USUAL);
  }

  Optional<Survey> delete(Duration grace, StoreLease.Terms terms)
      throws IOException, InterruptedException {
    Optional<LeasedStore> taken = announce(terms);
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    try (LeasedStore leased = taken.get()) {
      collecting = leased;
      StoreLease lease = leased.lease().orElseThrow();
      Survey findings = find(lease.now().minus(grace));
      for (String folder : FOLDERS) {
        Parallel.forEach(
            findings.garbage().stream().filter(e -> e.name().startsWith(folder)).toList(),
            objects.parallelism(),
            entry -> leased.delete(entry.name()));
      }
      lease.sweep();
      return Optional.of(findings);
    }
  }

  private Optional<LeasedStore> announce(StoreLease.Terms terms) throws IOException {
    try {
      return LeasedStore.collect(objects, RunRecord.newId(Instant.now()), terms, note);
    } catch (StoreException e) {
      if (e.kind() != StoreException.StoreFault.FULL) {
        throw e;
      }
      throw new StoreException(
          StoreException.StoreFault.FULL,
          "Cannot collect garbage: the disk is full, and to announce a collection takes a few KiB"
              + " of it ("
              + objects.location()
              + "); free that much by hand, then try again",
          e);
    }
  }

  /** Ends a deletion under way, after which nothing more is deleted. */
  @Override
  public void close() {
    LeasedStore leased = collecting;
    if (leased != null) {
      leased.close();
    }
  }

  private Survey find(Instant limit) throws IOException, InterruptedException {
    List<RunRecord> runs = runs();
    Set<ActionKey> keys = new TreeSet<>(pinned);
    runs.forEach(run -> run.steps().forEach(step -> keys.add(step.key())));
    Set<String> there = new HashSet<>();
    objects.list(BlobStore.FOLDER, entry -> there.add(lastOf(entry.name())));
    // Old blobs of young actions stay too: a run under way made the action from them.
    objects.list(
        "ac/",
        entry -> {
          there.add(lastOf(entry.name()));
          if (entry.modified().isAfter(limit)) {
            keyIn(entry.name()).ifPresent(keys::add);
          }
        });
    Set<String> used = usedBy(keys, there);
    runs.forEach(run -> used.add(ManifestPacks.FOLDER + run.id()));
    List<String> attempts = new ArrayList<>();
    objects.list(AttemptLog.FOLDER, entry -> attempts.add(entry.name()));
    used.addAll(attempts.subList(Math.max(0, attempts.size() - ATTEMPTS), attempts.size()));
    List<StoredObject> garbage = new ArrayList<>();
    List<FolderCount> rows = new ArrayList<>();
    for (String folder : FOLDERS) {
      Map<Disposition, List<StoredObject>> found = new TreeMap<>();
      objects.list(
          folder,
          entry ->
              found
                  .computeIfAbsent(verdict(entry, keys, used, limit), v -> new ArrayList<>())
                  .add(entry));
      found.forEach(
          (verdict, entries) ->
              rows.add(
                  new FolderCount(
                      folder,
                      verdict,
                      entries.size(),
                      entries.stream().mapToLong(StoredObject::size).sum())));
      garbage.addAll(found.getOrDefault(Disposition.GARBAGE, List.of()));
    }
    if (runs.isEmpty() && runless == Runless.REFUSED) {
      requireNoAction(garbage);
    }
    return new Survey(runs.size(), rows, garbage);
  }

  private void requireNoAction(List<StoredObject> garbage) throws StoreException {
    long actions = garbage.stream().filter(entry -> entry.name().startsWith("ac/")).count();
    if (actions > 0) {
      throw new StoreException(
          ("Cannot collect garbage: no run is on record in %s, so %d recorded %s would go; bring"
                  + " back %s if it was moved, or name a lock file of what is needed, or"
                  + " delete the whole store if nothing is")
              .formatted(
                  objects.location(), actions, actions == 1 ? "action" : "actions", RunLog.FOLDER));
    }
  }

  private List<RunRecord> runs() throws IOException {
    RunLog log = new RunLog(objects);
    for (String stray : log.strays()) {
      throw new StoreException(
          ("Cannot collect garbage: %s in %s is no plain file with the name of a run's record, so"
                  + " whether a run needs what is here is not known; put %s back as a folder of"
                  + " plain files <id>.json, or take that out of it")
              .formatted(stray, objects.location(), RunLog.FOLDER));
    }
    List<RunRecord> runs = new ArrayList<>();
    for (String id : log.ids()) {
      try {
        runs.add(
            log.find(id)
                .orElseThrow(
                    () ->
                        new StoreException(
                            "Cannot collect garbage: the record of run "
                                + id
                                + " went away meanwhile in "
                                + objects.location()
                                + "; try again")));
      } catch (MalformedException e) {
        throw new StoreException(
            ("Cannot collect garbage: run %s is not readable, so what it needs is not known; restore"
                    + " %s%1$s.json in %s, such as by a pull from a store that has it; if it is"
                    + " deleted instead, what no other run needs becomes garbage")
                .formatted(id, RunLog.FOLDER, objects.location()),
            e);
      }
    }
    return runs;
  }

  /**
   * Returns the SHA-256 of every blob that the actions have put out, read, or are made of.
   *
   * @param there the last segments of the names of all manifests and blobs: lock files name
   *     thousands of actions of which a store may hold none
   */
  private Set<String> usedBy(Set<ActionKey> keys, Set<String> there)
      throws IOException, InterruptedException {
    Set<String> used = ConcurrentHashMap.newKeySet();
    keys.forEach(key -> used.add(key.sha256()));
    Set<ActionKey> undecided = ConcurrentHashMap.newKeySet();
    List<ActionKey> held = keys.stream().filter(key -> there.contains(key.sha256())).toList();
    AtomicInteger done = new AtomicInteger();
    Parallel.forEach(
        held,
        objects.parallelism(),
        key -> {
          Optional<Manifest> manifest = cache.lookup(key);
          if (manifest.isPresent()) {
            manifest.get().outputs().values().forEach(digest -> used.add(digest.sha256()));
          }
          Optional<Preimage> preimage = cache.preimage(key);
          preimage
              .map(Preimage::fields)
              .orElse(List.of())
              .forEach(field -> field.digest().map(Digest::sha256).ifPresent(used::add));
          // Of what is not recorded at all there is nothing to lose.
          if ((preimage.isEmpty() || manifest.isEmpty()) && cache.contains(key)) {
            undecided.add(key);
          }
          progress.advanced(done.incrementAndGet(), held.size(), 0);
        });
    if (!undecided.isEmpty()) {
      note.accept(
          "All blobs are kept: what "
              + undecided.size()
              + (undecided.size() == 1 ? " action reads or put" : " actions read or put")
              + " out cannot be told, such as of "
              + undecided.iterator().next().abbreviated()
              + "…; a run puts that back");
      objects.list(BlobStore.FOLDER, entry -> used.add(lastOf(entry.name())));
    }
    return used;
  }

  private static Disposition verdict(
      StoredObject entry, Set<ActionKey> keys, Set<String> used, Instant limit) {
    String name = entry.name();
    boolean needed =
        name.startsWith("cas/")
            ? used.contains(lastOf(name))
            : used.contains(name) || keyIn(name).filter(keys::contains).isPresent();
    if (needed) {
      return Disposition.USED;
    }
    return entry.modified().isAfter(limit) ? Disposition.YOUNG : Disposition.GARBAGE;
  }

  private static String lastOf(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Returns the action that an object belongs to, as its name tells. */
  private static Optional<ActionKey> keyIn(String name) {
    for (String segment : List.of(name.split("/", -1))) {
      if (Digest.isSha256(segment)) {
        return Optional.of(new ActionKey(segment));
      }
    }
    return Optional.empty();
  }
}
