package dev.twintail.action;

import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads objects that are small, and no others into memory: anybody may have stored anything. */
public final class SmallObjects {
  /** More than a manifest, a preimage, a signature or a record of one action takes, in bytes. */
  public static final int RECORD = 1 << 24;

  /** More than what tells of all actions of a run takes, in bytes. */
  public static final int RUN = 1 << 28;

  /** How often an object is read before it is believed that something else garbles it. */
  private static final int READS = 5;

  /** Makes something of the bytes of an object. */
  @FunctionalInterface
  public interface Parsing<T> {
    T parse(byte[] bytes) throws MalformedException;
  }

  private SmallObjects() {}

  /**
   * Returns what the bytes of the object tell, or empty if there is none. What was garbled on its
   * way only is not read twice in a row, and what answers in a store's place has not the length
   * that the store tells, so that a good object is not called damaged.
   *
   * @param most bytes that it may have
   * @throws MalformedException if it has more, or is damaged in the store
   * @throws IOException if it is garbled otherwise each time
   */
  public static <T> Optional<T> parse(
      ObjectStore objects, String name, int most, Parsing<T> parsing) throws IOException {
    Optional<Digest> before = Optional.empty();
    for (int i = 0; i < READS; i++) {
      Optional<byte[]> bytes = read(objects, name, most);
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(parsing.parse(bytes.get()));
      } catch (MalformedException e) {
        Optional<Digest> found = Optional.of(Digest.of(bytes.get()));
        int length = bytes.get().length;
        if (found.equals(before)
            && objects.stat(name).filter(entry -> entry.size() == length).isPresent()) {
          throw e;
        }
        before = found;
      }
    }
    throw new StoreException(
        ("Cannot read %s: what is read is not what the store says it has, or others each time, so the"
                + " connection or the disk is at fault (%s); nothing was changed, try again")
            .formatted(name, objects.location()));
  }

  /**
   * Returns the bytes of the object, or empty if there is none.
   *
   * @param most bytes that it may have
   * @throws MalformedException if it has more
   */
  public static Optional<byte[]> read(ObjectStore objects, String name, int most)
      throws IOException {
    Optional<InputStream> opened = objects.open(name);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = opened.get()) {
      if (in.available() > most) { // What is far too large is not even begun.
        throw new MalformedException(tooLarge(name, most));
      }
      byte[] bytes = in.readNBytes(most);
      if (in.read() >= 0) {
        throw new MalformedException(tooLarge(name, most));
      }
      return Optional.of(bytes);
    }
  }

  /** Tells that what belongs to one action is too large. */
  static String tooLarge(String name) {
    return tooLarge(name, RECORD);
  }

  private static String tooLarge(String name, int most) {
    return "Cannot read %s: it has more than the %s MiB that it may have"
        .formatted(name, most >> 20);
  }
}
