package dev.twintail.store;

import dev.twintail.blob.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Named, immutable objects: the seam between Twintail and a place that holds bytes. Every backend
 * runs the same contract test. It is minimal on purpose; what objects mean is {@link BlobStore}'s
 * and the action cache's business.
 *
 * <p>Names are relative, {@code /}-separated, and made of {@code [A-Za-z0-9._-]} segments, none of
 * them {@code .} or {@code ..}; a backend rejects others with {@link IllegalArgumentException}.
 *
 * <p>Guarantees: an object is seen whole or not at all; {@link #create} never replaces; what a
 * returned {@code create} made is seen by every later read of every client. Not guaranteed: that
 * the bytes are what was written (disks rot: the layers above verify), or that a listing taken
 * beside a writer is a snapshot.
 */
public interface ObjectStore {
  /** What a listing tells of one object. */
  record Entry(String name, long size, Instant modified) {}

  /** Returns where this store is, as a user would name it on the command line. */
  String location();

  /** Returns size and time of the object, or empty if there is none. */
  Optional<Entry> stat(String name) throws IOException;

  /** Opens the object's bytes, or returns empty if there is none; the caller closes. */
  Optional<InputStream> open(String name) throws IOException;

  /**
   * Creates the object unless one of that name exists. Of several racing creators exactly one is
   * told {@code true}, unless the backend says otherwise.
   *
   * @return whether this call created it; {@code false} says only that some object has the name
   */
  boolean create(String name, Blob content) throws IOException;

  /** Removes the object; returns whether there was one. */
  boolean delete(String name) throws IOException;

  /** Passes every object whose name starts with {@code prefix}, in name order. */
  void list(String prefix, Consumer<Entry> consumer) throws IOException;
}
