package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/** A blob whose source breaks after some bytes. */
record FailingBlob(int goodBytes) implements Blob {
  static final String MESSAGE = "the source broke";

  @Override
  public Digest digest() {
    return new Digest("0".repeat(64), goodBytes + 1L);
  }

  @Override
  public InputStream open() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException(MESSAGE);
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException(MESSAGE);
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(new byte[goodBytes]), broken);
  }
}
