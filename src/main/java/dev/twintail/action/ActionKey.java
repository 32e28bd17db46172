package dev.twintail.action;

import dev.twintail.blob.Digest;

/**
 * Names an action by everything that determines its outputs.
 *
 * <p>This is the SHA-256 of the action's {@link Preimage}, so it is the content address of the
 * question, not of the answer. Two actions with different keys may well have equal outputs, and
 * nothing about the outputs can be checked against the key: that takes the digests in the {@link
 * Manifest}. Hence a type of its own, that does not go where a {@link Digest} is meant.
 *
 * @param sha256 64 lower-case hexadecimal digits
 */
public record ActionKey(String sha256) implements Comparable<ActionKey> {
  public ActionKey {
    if (!Digest.isSha256(sha256)) {
      throw new IllegalArgumentException(
          "Cannot read action key '" + sha256 + "': expected 64 lower-case hexadecimal digits");
    }
  }

  /** Returns the first twelve digits, for messages. */
  public String abbreviated() {
    return sha256.substring(0, 12);
  }

  /** Returns {@code folder/<first two digits>/<key>}, where what belongs to the key is stored. */
  public String nameIn(String folder) {
    return folder + "/" + sha256.substring(0, 2) + "/" + sha256;
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  @Override
  public int compareTo(ActionKey other) {
    return sha256.compareTo(other.sha256);
  }

  @Override
  public String toString() {
    return sha256;
  }
}
