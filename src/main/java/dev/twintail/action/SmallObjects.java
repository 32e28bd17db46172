package dev.twintail.action;

import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads objects that are small, and no others into memory: anybody may have stored anything. */
public final class SmallObjects {
  /** More than a manifest, a preimage, a signature or a record of one action takes, in bytes. */
  public static final int RECORD = 1 << 24;

  /** More than what tells of all actions of a run takes, in bytes. */
  public static final int RUN = 1 << 28;

  private SmallObjects() {}

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
