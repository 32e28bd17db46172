package dev.twintail.data;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Reads bytes and lets them pass only if they are those that a digest pins. */
final class PinnedBytes {
  private static final int GZIP_BUFFER = 1 << 16;

  private PinnedBytes() {}

  /** Says in a few words how bytes differ from what was pinned. */
  static final class MismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    MismatchException(String message) {
      super(message);
    }
  }

  /**
   * Reads {@code in}, which is gunzipped if {@code name} ends in {@code .gz}. Reads no more than
   * one byte beyond the pinned size, whatever the stream would give.
   */
  static Blob read(String name, InputStream in, Digest pinned) throws IOException {
    return name.endsWith(".gz")
        ? read(new GZIPInputStream(in, GZIP_BUFFER), pinned)
        : read(in, pinned);
  }

  private static Blob read(InputStream in, Digest pinned) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(pinned.size())];
    int length = in.readNBytes(bytes, 0, bytes.length);
    if (length < bytes.length) {
      throw wrongSize(Integer.toString(length), pinned);
    }
    if (in.read() >= 0) {
      throw wrongSize("more than " + length, pinned);
    }
    Blob blob = Blob.of(bytes);
    if (!blob.digest().equals(pinned)) {
      throw new MismatchException(
          "has SHA-256 %s…, expected %s…"
              .formatted(blob.digest().abbreviated(), pinned.abbreviated()));
    }
    return blob;
  }

  static MismatchException wrongSize(String size, Digest pinned) {
    return new MismatchException("has " + size + " bytes, expected " + pinned.size());
  }
}
