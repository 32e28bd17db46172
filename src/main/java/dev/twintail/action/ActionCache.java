package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStore.StoredObject;
import dev.twintail.store.Quarantine;
import dev.twintail.store.StoreEvents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is known about actions: {@code ac/<first two digits>/<key>} holds the manifest. A manifest
 * becomes visible after the blobs it names and is never replaced.
 */
public final class ActionCache {
  /** How often a manifest is read before it is believed to be garbled in the store. */
  private static final int READS = 5;

  private final ObjectStore objects;
  private final BlobStore blobs;
  private final StoreEvents events;
  private final Quarantine quarantine;
  private final Endorsement endorsement;

  /**
   * Returns the cache of a store in which every manifest counts.
   *
   * @param blobs the blobs of the same store
   * @param events hears of manifests that are garbled
   */
  public ActionCache(ObjectStore objects, BlobStore blobs, StoreEvents events) {
    this(objects, blobs, events, Endorsement.NONE);
  }

  /**
   * @param blobs the blobs of the same store
   * @param events hears of manifests that are garbled
   * @param endorsement whose manifests count; others count as absent
   */
  public ActionCache(
      ObjectStore objects, BlobStore blobs, StoreEvents events, Endorsement endorsement) {
    this.objects = objects;
    this.blobs = blobs;
    this.events = events;
    this.endorsement = endorsement;
    this.quarantine = new Quarantine(objects, events);
  }

  /** Returns whether the action is recorded; its manifest is not read. */
  public boolean contains(ActionKey key) throws IOException {
    return objects.stat(nameOf(key)).isPresent();
  }

  /**
   * Returns the manifest of the action, whose blobs may be missing or damaged. A garbled manifest
   * is reported, put aside and counts as absent; one that nobody trusted has signed counts as
   * absent.
   */
  public Optional<Manifest> lookup(ActionKey key) throws IOException {
    Optional<Manifest> manifest = find(key);
    return manifest.isPresent() && accepts(key, manifest.get()) ? manifest : Optional.empty();
  }

  /** Returns whether a manifest of the action counts, wherever it was found. */
  public boolean accepts(ActionKey key, Manifest manifest) throws IOException {
    return endorsement.accepts(key, manifest);
  }

  private Optional<Manifest> find(ActionKey key) throws IOException {
    String name = nameOf(key);
    // Nearly all manifests are intact; only what is to be put aside is asked for by name.
    Optional<StoredObject> entry = Optional.empty();
    Optional<Digest> before = Optional.empty();
    for (int i = 0; i < READS; i++) {
      Optional<InputStream> opened = objects.open(name);
      if (opened.isEmpty()) {
        return Optional.empty();
      }
      String finding;
      Digest bytes;
      try (InputStream in = opened.get()) {
        byte[] read = in.readNBytes(SmallObjects.RECORD + 1);
        if (read.length > SmallObjects.RECORD) {
          finding = SmallObjects.tooLarge(name);
          bytes = Digest.of(new SequenceInputStream(new ByteArrayInputStream(read), in));
        } else {
          try {
            return Optional.of(Manifest.parse(read));
          } catch (MalformedException e) {
            finding = String.valueOf(e.getMessage());
            bytes = Digest.of(read);
          }
        }
      }
      Optional<Digest> found = Optional.of(bytes);
      // What was garbled on its way only is not found twice.
      if (entry.isPresent() && entry.get().size() == bytes.size() && found.equals(before)) {
        isolate(key, entry.get(), bytes, finding);
        return Optional.empty();
      }
      before = found;
      entry = objects.stat(name);
      if (entry.isEmpty()) {
        return Optional.empty();
      }
    }
    throw new IOException(
        ("Cannot read the manifest of action %s…: what is read is not what the store says it has, or"
                + " others each time, so the connection or the disk is at fault (%s); nothing was"
                + " changed")
            .formatted(key.abbreviated(), objects.location()));
  }

  /**
   * Returns the manifest if all its blobs are there, byte for byte. Each blob is hashed once in the
   * life of the {@link BlobStore}.
   */
  public Optional<Manifest> lookupVerified(ActionKey key) throws IOException {
    Optional<Manifest> manifest = lookup(key);
    if (manifest.isEmpty()) {
      return manifest;
    }
    boolean intact = true;
    for (Digest digest : manifest.get().outputs().values()) {
      // No stop at the first: all damage is reported and mended in one run.
      intact &= blobs.verify(digest);
    }
    if (!intact) {
      refute(key, manifest.get());
    }
    return intact ? manifest : Optional.empty();
  }

  /**
   * Puts a manifest aside that cannot be true: one that states another size than the bytes have
   * that its own digest names. Returns whether it was such a one.
   */
  public boolean refute(ActionKey key, Manifest manifest) throws IOException {
    for (Map.Entry<String, Digest> output : manifest.outputs().entrySet()) {
      Digest stated = output.getValue();
      Optional<Digest> stored = blobs.find(stated.sha256());
      if (stored.isPresent() && !stored.get().equals(stated) && blobs.verify(stored.get())) {
        reject(
            key,
            manifest,
            "it states %s bytes of %s, which has %s"
                .formatted(stated.size(), output.getKey(), stored.get().size()));
        return true;
      }
    }
    return false;
  }

  /**
   * Puts aside what is recorded of an action, if it still is this manifest.
   *
   * @param reason what is wrong with it, in one line
   */
  public void reject(ActionKey key, Manifest manifest, String reason) throws IOException {
    Optional<StoredObject> entry = objects.stat(nameOf(key));
    if (entry.isPresent() && find(key).equals(Optional.of(manifest))) {
      isolate(key, entry.get(), manifest.blob().digest(), reason);
    }
  }

  private void isolate(ActionKey key, StoredObject entry, Digest found, String reason) {
    quarantine.isolate(
        entry, found, "Manifest of action " + key.abbreviated() + "… is damaged (" + reason + ")");
  }

  /** Passes the keys of all recorded actions, in their order; their manifests are not read. */
  public void list(Consumer<ActionKey> consumer) throws IOException {
    objects.list(
        "ac/",
        entry -> {
          String sha256 = entry.name().substring(entry.name().lastIndexOf('/') + 1);
          if (Digest.isSha256(sha256)) {
            ActionKey key = new ActionKey(sha256);
            if (nameOf(key).equals(entry.name())) {
              consumer.accept(key);
            }
          }
        });
  }

  /**
   * Returns what the key of an action was made of, if the action was recorded here. Bytes that are
   * no preimage, though they hash to the key, are told of and count as absent.
   */
  public Optional<Preimage> preimage(ActionKey key) throws IOException {
    Optional<Digest> digest = blobs.find(key.sha256());
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (digest.get().size() > SmallObjects.RECORD) {
        throw new MalformedException(SmallObjects.tooLarge(BlobStore.nameOf(digest.get())));
      }
      Optional<Blob> blob = blobs.get(digest.get());
      return blob.isEmpty() ? Optional.empty() : Optional.of(Preimage.parse(blob.get().bytes()));
    } catch (MalformedException e) {
      events.damaged(
          "What action " + key.abbreviated() + "… was made of is not known: " + e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Makes the result of an action, as this process has computed it, visible to all users of the
   * store. Its blobs and its preimage must be stored before. Another result that nobody trusted has
   * signed is put aside.
   *
   * @throws NonReproducibleException if another result is recorded; it stays, and this one is kept
   *     as {@code conflicts/<key>/<digest of the manifest>}
   * @throws IllegalStateException if a blob is not stored
   */
  public void record(ActionKey key, Preimage preimage, Manifest manifest)
      throws IOException, NonReproducibleException {
    if (!preimage.key().equals(key)) {
      throw new IllegalArgumentException(
          "Cannot record action " + key + ": the preimage is that of " + preimage.key());
    }
    requireStored(preimage.blob().digest(), "its preimage");
    for (var output : manifest.outputs().entrySet()) {
      requireStored(output.getValue(), output.getKey());
    }
    // The second round is for a manifest that is garbled or not believed, which is put aside.
    for (int round = 0; round < 2; round++) {
      if (objects.create(nameOf(key), manifest.blob())) {
        endorsement.vouch(key, manifest);
        return;
      }
      Optional<StoredObject> entry = objects.stat(nameOf(key));
      Optional<Manifest> recorded = find(key);
      if (recorded.isPresent()) {
        if (recorded.get().equals(manifest) || accepts(key, recorded.get())) {
          requireEqual(key, recorded.get(), manifest);
          endorsement.vouch(key, manifest);
          return;
        }
        if (entry.isPresent()) {
          isolateDistrusted(key, entry.get(), recorded.get());
        }
      }
    }
    throw new IOException(
        ("Cannot record action %s…: a damaged manifest has its name and cannot be"
                + " moved; delete %s in %s")
            .formatted(key.abbreviated(), nameOf(key), objects.location()));
  }

  private void isolateDistrusted(ActionKey key, StoredObject entry, Manifest recorded) {
    quarantine.isolate(
        entry,
        recorded.blob().digest(),
        "Manifest of action "
            + key.abbreviated()
            + "… is signed by nobody trusted and names other bytes than came out");
  }

  private void requireEqual(ActionKey key, Manifest recorded, Manifest manifest)
      throws IOException, NonReproducibleException {
    if (!recorded.equals(manifest)) {
      Blob rejected = manifest.blob();
      String name = "conflicts/" + key + "/" + rejected.digest();
      objects.create(name, rejected);
      throw new NonReproducibleException(key, recorded, manifest, name);
    }
  }

  private void requireStored(Digest digest, String what) throws IOException {
    if (!blobs.contains(digest)) {
      throw new IllegalStateException(
          "Cannot record an action: " + what + " is not stored (" + digest + ")");
    }
  }

  private static String nameOf(ActionKey key) {
    return key.nameIn("ac");
  }
}
