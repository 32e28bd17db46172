package dev.twintail.upkeep;

import dev.twintail.action.ActionCache;
import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.action.SmallObjects;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Reads a store again and tells what is wrong in it. What is damaged goes to the quarantine. */
public final class StoreCheck {
  private final ObjectStore objects;
  private final StoreProgress progress;

  /**
   * What was found.
   *
   * @param blobs how many were hashed
   * @param bytes their size
   * @param manifests how many were read
   * @param problems one line each, sorted
   */
  public record Report(int blobs, long bytes, int manifests, List<String> problems) {
    public Report {
      problems = problems.stream().sorted().toList();
    }
  }

  public StoreCheck(ObjectStore objects, StoreProgress progress) {
    this.objects = objects;
    this.progress = progress;
  }

  /** Hashes every blob and reads every manifest. */
  public Report checkAll() throws IOException, InterruptedException {
    return check(Integer.MAX_VALUE);
  }

  /** Hashes {@code blobs} blobs, other ones each time, and reads every manifest. */
  public Report checkSample(int blobs) throws IOException, InterruptedException {
    return check(blobs);
  }

  private Report check(int atMost) throws IOException, InterruptedException {
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
    int total = chosen.size();
    AtomicInteger done = new AtomicInteger();
    AtomicLong bytes = new AtomicLong();
    Set<Digest> lost = Collections.synchronizedSet(new HashSet<>());
    Parallel.forEach(
        chosen,
        objects.parallelism(),
        digest -> {
          if (!blobs.verify(digest)) {
            lost.add(digest);
          }
          progress.advanced(done.incrementAndGet(), total, bytes.addAndGet(digest.size()));
        });
    Set<Digest> present = new HashSet<>(all);
    present.removeAll(lost);
    Set<String> keyed = new HashSet<>();
    present.forEach(digest -> keyed.add(digest.sha256()));
    checkSizes(problems);
    List<ActionKey> keys = new ArrayList<>();
    cache.list(keys::add);
    AtomicInteger read = new AtomicInteger();
    Parallel.forEach(
        keys,
        objects.parallelism(),
        key -> {
          progress.advanced(total + read.incrementAndGet(), total + keys.size(), bytes.get());
          if (!keyed.contains(key.sha256())) {
            problems.add(
                "Action "
                    + key.abbreviated()
                    + "… lacks what its key was made of; the next run that uses it puts it back");
          }
          Optional<Manifest> manifest = cache.lookup(key);
          if (manifest.isPresent() && !cache.refute(key, manifest.get())) {
            manifest
                .get()
                .outputs()
                .forEach(
                    (name, digest) -> {
                      if (!present.contains(digest)) {
                        problems.add(
                            "Action "
                                + key.abbreviated()
                                + "… lacks "
                                + name
                                + " ("
                                + digest.abbreviated()
                                + "…); it will be recomputed when a run needs it");
                      }
                    });
          }
        });
    return new Report(total, bytes.get(), keys.size(), problems);
  }

  /** Tells of what nobody reads since it is too large for what its name says. */
  private void checkSizes(List<String> problems) throws IOException {
    for (String folder : List.of(ManifestPacks.FOLDER, "runs/")) {
      objects.list(
          folder,
          entry -> {
            if (entry.size() > SmallObjects.RUN) {
              problems.add(
                  entry.name()
                      + " has "
                      + entry.size()
                      + " bytes, more than it may have, and is passed over; delete it");
            }
          });
    }
  }
}
