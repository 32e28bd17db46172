package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Where damaged objects go, as {@code quarantine/<last segment of the name>-<what was found>}, so
 * that they can be looked at and are never served.
 *
 * <p>An object is moved by copying and deleting. If another process replaces it by a good one just
 * before the deletion, the good one is lost and made again when it is next needed.
 */
public final class Quarantine {
  private final ObjectStore objects;
  private final StoreEvents events;

  public Quarantine(ObjectStore objects, StoreEvents events) {
    this.objects = objects;
    this.events = events;
  }

  /**
   * Moves an object here and reports it, unless it was replaced since {@code seen}. If the store
   * refuses, that is reported and the object stays.
   *
   * @param seen the object as it was before its bytes were read
   * @param found the digest of those bytes
   * @param finding what is wrong, such as "Blob 12ab… is damaged (truncated)"
   */
  public synchronized void isolate(StoredObject seen, Digest found, String finding) {
    String name = seen.name();
    String last = name.substring(name.lastIndexOf('/') + 1);
    String aside = "quarantine/" + last + "-" + found.abbreviated();
    try {
      if (!objects.stat(name).equals(Optional.of(seen))) {
        return;
      }
      objects.create(aside, new VerifyingBlob(Blob.of(found, () -> open(name))));
      objects.delete(name);
      // A view of a store deletes nothing of it.
      events.damaged(
          objects.stat(name).equals(Optional.of(seen))
              ? finding + " and is not used; it stays in its place"
              : finding + "; moved to " + aside + "; it will be recomputed");
    } catch (IOException e) {
      events.damaged(finding + " and is not used; it stays in its place: " + e.getMessage());
    }
  }

  private InputStream open(String name) throws IOException {
    return objects
        .open(name)
        .orElseThrow(() -> new StoreException("Cannot read " + name + ": it is gone"));
  }
}
