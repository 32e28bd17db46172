package dev.twintail.action;

import dev.twintail.blob.Digest;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a store holds as far as names and sizes tell, for plans: no bytes are verified. Manifests
 * come from {@linkplain ManifestPacks packs} where those have them.
 *
 * <p>In a {@linkplain ObjectStore#isDistant distant} store, presence is looked up in a listing that
 * is taken first, of {@code ac/} and {@code cas/}, and not asked for object by object; unless the
 * store turns out to hold so much else that asking costs less.
 */
public final class StoreSurvey {
  /** How many objects may be listed for each question that the listing saves. */
  private static final int LISTED_FOR_ONE = 1000;

  private final BlobStore blobs;
  private final ActionCache cache;
  private final Optional<ManifestPacks> packs;
  private final Optional<Names> listing;

  /** Names and sizes, taken at one time. */
  private record Names(Set<String> actions, Map<String, Long> blobs) {}

  /** Ends a listing. */
  private static final class TooMuchException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private StoreSurvey(
      BlobStore blobs, ActionCache cache, Optional<ManifestPacks> packs, Optional<Names> listing) {
    this.blobs = blobs;
    this.cache = cache;
    this.packs = packs;
    this.listing = listing;
  }

  /**
   * Looks at a store for a plan, which takes manifests from packs where it can.
   *
   * @param actions how many will be looked up
   */
  public static StoreSurvey forPlan(
      ObjectStore objects, BlobStore blobs, ActionCache cache, int actions) throws IOException {
    return new StoreSurvey(
        blobs, cache, Optional.of(new ManifestPacks(objects)), listing(objects, actions));
  }

  /**
   * Looks at a store for a run. Where asking costs little it reads the manifests themselves, so
   * that one that is damaged is noticed.
   *
   * @param actions how many will be looked up
   */
  public static StoreSurvey forRun(
      ObjectStore objects, BlobStore blobs, ActionCache cache, int actions) throws IOException {
    return new StoreSurvey(
        blobs,
        cache,
        objects.isDistant() ? Optional.of(new ManifestPacks(objects)) : Optional.empty(),
        listing(objects, actions));
  }

  private static Optional<Names> listing(ObjectStore objects, int actions) throws IOException {
    if (!objects.isDistant()) {
      return Optional.empty();
    }
    long most = Math.max(1L, actions) * LISTED_FOR_ONE;
    try {
      Map<String, Long> recorded = list(objects, "ac/", most);
      Map<String, Long> blobs =
          recorded.isEmpty() ? Map.of() : list(objects, BlobStore.FOLDER, most);
      return Optional.of(new Names(Set.copyOf(recorded.keySet()), blobs));
    } catch (TooMuchException e) {
      return Optional.empty();
    }
  }

  /** Returns the sizes by last segment of the name. */
  private static Map<String, Long> list(ObjectStore objects, String folder, long most)
      throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    objects.list(
        folder,
        entry -> {
          if (sizes.size() >= most) {
            throw new TooMuchException();
          }
          String name = entry.name();
          sizes.put(name.substring(name.lastIndexOf('/') + 1), entry.size());
        });
    return sizes;
  }

  /** Returns the manifest of the action, if it is recorded and all its blobs have their size. */
  public Optional<Manifest> lookup(ActionKey key) throws IOException {
    // Where the manifest itself is read, that tells as well.
    boolean recorded =
        listing.isPresent()
            ? listing.get().actions().contains(key.sha256())
            : packs.isEmpty() || cache.contains(key);
    if (!recorded) {
      return Optional.empty();
    }
    Optional<Manifest> manifest = packs.isPresent() ? packs.get().find(key) : Optional.empty();
    if (manifest.isEmpty() || !cache.accepts(key, manifest.get())) {
      manifest = cache.lookup(key);
    }
    if (manifest.isPresent()) {
      for (Digest digest : new HashSet<>(manifest.get().outputs().values())) {
        if (!contains(digest)) {
          return Optional.empty();
        }
      }
    }
    return manifest;
  }

  private boolean contains(Digest digest) throws IOException {
    return listing.isPresent()
        ? Long.valueOf(digest.size()).equals(listing.get().blobs().get(digest.sha256()))
        : blobs.contains(digest);
  }
}
