package dev.twintail.pipeline;

import dev.twintail.blob.Digest;
import java.io.IOException;

/** A blob that a run reuses turned out missing or damaged when it was read. */
final class LostBlobException extends IOException {
  private static final long serialVersionUID = 1L;

  private LostBlobException(String message) {
    super(message);
  }

  static LostBlobException of(String what, Digest digest) {
    return new LostBlobException(
        "Cannot read %s: blob %s… went missing during the run; run again to make it anew"
            .formatted(what, digest.abbreviated()));
  }
}
