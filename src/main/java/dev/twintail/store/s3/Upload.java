package dev.twintail.store.s3;

import dev.twintail.blob.Blob;
import dev.twintail.blob.BulkInputStream;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The body of one PUT, streamed from a blob. The last byte is sent only once the blob's stream has
 * ended where it should and without complaint, so a source that breaks or changes cannot become an
 * object.
 */
final class Upload {
  private final Blob blob;
  private volatile @Nullable IOException failure;

  Upload(Blob blob) {
    this.blob = blob;
  }

  RequestBody body() throws IOException {
    if (blob.digest().size() == 0) {
      try (InputStream in = open()) {
        in.read();
      }
      return RequestBody.empty();
    }
    return RequestBody.fromContentProvider(
        this::openUnchecked, blob.digest().size(), "application/octet-stream");
  }

  /** Throws what went wrong with the blob, if that is why the PUT failed. */
  void rethrowSourceFailure() throws IOException {
    IOException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }

  private InputStream openUnchecked() {
    try {
      return open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InputStream open() throws IOException {
    try {
      return new ExactStream(blob.open());
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private final class ExactStream extends BulkInputStream {
    private final InputStream in;
    private long left = blob.digest().size();

    private ExactStream(InputStream in) {
      this.in = in;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return readNow(buffer, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    private int readNow(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        requireEnd();
        return -1;
      }
      // Never up to the end in one go: the end is looked for before the last byte goes out.
      int n = in.read(buffer, offset, (int) Math.min(length, Math.max(1, left - 1)));
      if (n < 0) {
        throw changed();
      }
      left -= n;
      if (left == 0) {
        requireEnd();
      }
      return n;
    }

    private void requireEnd() throws IOException {
      if (in.read() >= 0) {
        throw changed();
      }
    }

    private StoreException changed() {
      return new StoreException(
          "Cannot store " + blob.digest().abbreviated() + "…: its length changed meanwhile");
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
