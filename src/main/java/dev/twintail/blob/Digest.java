package dev.twintail.blob;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * The SHA-256 of a run of bytes, with their number: the identity of a {@link Blob}.
 *
 * @param sha256 64 lower-case hexadecimal digits
 * @param size number of bytes, not negative
 */
public record Digest(String sha256, long size) implements Comparable<Digest> {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int HEX_DIGITS = 64;

  /** Copied for each use, which is quicker than to look the algorithm up. */
  private static final MessageDigest UNUSED = sha256Engine();

  private static final Comparator<Digest> ORDER =
      Comparator.comparing(Digest::sha256).thenComparingLong(Digest::size);

  public Digest {
    if (!isSha256(sha256)) {
      throw new IllegalArgumentException(
          "Cannot read digest '" + sha256 + "': expected 64 lower-case hexadecimal digits");
    }
    if (size < 0) {
      throw new IllegalArgumentException("Cannot read digest: negative size " + size);
    }
  }

  /** Returns whether {@code text} is a SHA-256 as this class writes it. */
  public static boolean isSha256(String text) {
    // No pattern: this is called for every digest that is read, and a plan reads many at its start.
    return text.length() == HEX_DIGITS && isHex(text);
  }

  /** Returns whether {@code text} is one lower-case hexadecimal digit or more. */
  public static boolean isHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  public static Digest of(byte[] bytes) {
    return new Digest(HexFormat.of().formatHex(newSha256().digest(bytes)), bytes.length);
  }

  /** Returns the digest of everything {@code in} holds; reads to the end without keeping it. */
  public static Digest of(InputStream in) throws IOException {
    MessageDigest sha256 = newSha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      sha256.update(buffer, 0, n);
      size += n;
    }
    return new Digest(HexFormat.of().formatHex(sha256.digest()), size);
  }

  /** Returns a fresh SHA-256 engine; every Java platform has one. */
  public static MessageDigest newSha256() {
    try {
      return (MessageDigest) UNUSED.clone();
    } catch (CloneNotSupportedException e) {
      return sha256Engine();
    }
  }

  private static MessageDigest sha256Engine() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot hash: this Java platform lacks SHA-256", e);
    }
  }

  /** Returns the first twelve digits, for messages. */
  public String abbreviated() {
    return sha256.substring(0, 12);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof Digest that && size == that.size && sha256.equals(that.sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  @Override
  public int compareTo(Digest other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return sha256;
  }
}
