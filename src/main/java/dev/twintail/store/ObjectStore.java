package dev.twintail.store;

import dev.twintail.blob.Blob;
import java.io.Closeable;
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
 * them {@code .} or {@code ..}; the first is not {@code tmp}, which belongs to the backends. A
 * backend rejects others with {@link IllegalArgumentException}, see {@link #requireName}. No object
 * may be named like a folder of another: {@code a} and {@code a/b} do not go together.
 *
 * <p>Guarantees: an object is seen whole or not at all; {@link #create} never replaces; what a
 * returned {@code create} made is seen by every later read of every client. Not guaranteed: that
 * the bytes are what was written (disks rot: the layers above verify), or that a listing taken
 * beside a writer is a snapshot.
 *
 * <p>Where a place does not answer or refuses, methods throw a {@link StoreException} that says
 * which and why. All methods may be called by many threads at once. Opening a store and reading
 * from it writes nothing.
 */
public interface ObjectStore extends Closeable {
  /** What a listing tells of one object. */
  record StoredObject(String name, long size, Instant modified) {}

  /**
   * Returns {@code name} if it may name an object.
   *
   * @throws IllegalArgumentException if it may not
   */
  static String requireName(String name) {
    if (!ObjectNames.isValid(name)) {
      throw new IllegalArgumentException(
          "Cannot name an object "
              + ObjectNames.quoted(name)
              + ": expected segments of"
              + " [A-Za-z0-9._-] between slashes, none of them . or .., the first not tmp, 1024 characters at most");
    }
    return name;
  }

  /** Returns whether {@code name} may name an object. */
  static boolean isName(String name) {
    return ObjectNames.isValid(name);
  }

  /** Returns what somebody named something, on one line and without what does not print. */
  static String printable(String name) {
    return ObjectNames.printable(name);
  }

  /** Returns whether the name of an object may start with {@code prefix}. */
  static boolean isPrefix(String prefix) {
    return ObjectNames.isPrefix(prefix);
  }

  /** Returns where this store is, as a user would name it on the command line. */
  String location();

  /** Returns how many requests at once this store needs to be used well. */
  default int parallelism() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * Returns whether each request takes so long that one listing is better than asking for many
   * objects by name.
   */
  default boolean isDistant() {
    return false;
  }

  /** Returns size and time of the object, or empty if there is none. */
  Optional<StoredObject> stat(String name) throws IOException;

  /** Opens the object's bytes, or returns empty if there is none; the caller closes. */
  Optional<InputStream> open(String name) throws IOException;

  /**
   * Creates the object unless one of that name exists. Of several racing creators exactly one is
   * told {@code true}, unless the backend says otherwise. When this method fails, there is no
   * object of half the bytes, and nothing is left behind. A failure of the machine soon afterwards
   * may take the whole object back, never a part of it.
   *
   * @return whether this call created it; {@code false} says only that some object has the name
   */
  boolean create(String name, Blob content) throws IOException;

  /**
   * Creates the object as {@link #create} does, without waiting until its bytes are safe from a
   * failure of the machine: for bytes that are verified whenever they are used, and that can be had
   * again. The death of a process loses nothing here either.
   */
  default boolean createCopy(String name, Blob content) throws IOException {
    return create(name, content);
  }

  /**
   * Makes sure, as far as that is known without trying, that this client may write: for those who
   * would otherwise learn it after long work.
   *
   * @throws StoreException if it may not
   */
  default void requireWritable() throws IOException {}

  /** Removes the object; returns whether there was one. */
  boolean delete(String name) throws IOException;

  /** Passes every object whose name starts with {@code prefix}, in name order. */
  void list(String prefix, Consumer<StoredObject> consumer) throws IOException;

  /**
   * Passes the names of what lies in a folder and is no object, so that no listing shows it: links,
   * folders in which nothing is, what has a name that no object may have; the folder's own name if
   * something else is in its place. For those to whom absence means something.
   *
   * @param folder ends with a slash
   * @param consumer hears names for people; what does not print is a question mark
   */
  void listForeign(String folder, Consumer<String> consumer) throws IOException;

  /** Releases what this client of the store holds. Objects stay; closing twice does nothing. */
  @Override
  void close() throws IOException;
}
