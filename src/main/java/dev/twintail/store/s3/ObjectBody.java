package dev.twintail.store.s3;

import dev.twintail.blob.BulkInputStream;
import dev.twintail.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of one object, streamed. A connection that breaks or ends early is replaced by another
 * that goes on where it stopped, in the same object.
 */
final class ObjectBody extends BulkInputStream {
  /** Where the rest of an object comes from. */
  @FunctionalInterface
  interface BodySource {
    /**
     * Opens the object from {@code offset} on.
     *
     * @param offset the first byte wanted
     * @param etag of the object that the bytes must belong to
     * @throws SdkException where the server does not give it
     */
    ResponseInputStream<GetObjectResponse> openAt(long offset, String etag) throws IOException;
  }

  private final String name;
  private final BodySource source;
  private final ServiceFailures failures;
  private final S3Settings settings;
  private final long size;
  private final String etag;
  private @Nullable ResponseInputStream<GetObjectResponse> body;
  private long position;

  /** Time spent waiting for bytes, since when, and how far it was then. */
  private long waitedNanos;

  private long markedNanos;
  private long markedPosition;

  ObjectBody(
      String name,
      ResponseInputStream<GetObjectResponse> body,
      BodySource source,
      ServiceFailures failures,
      S3Settings settings) {
    this.name = name;
    this.body = body;
    this.source = source;
    this.failures = failures;
    this.settings = settings;
    this.size = body.response().contentLength();
    this.etag = body.response().eTag();
  }

  /** Returns how many bytes are left, as far as an int tells: all that the server stated. */
  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, size - position);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == size) {
      return -1;
    }
    Patience patience = new Patience(settings.firstPause());
    while (true) {
      long start = System.nanoTime();
      try {
        return readNow(buffer, offset, length);
      } catch (StoreException e) {
        throw e;
      } catch (IOException | SdkException e) {
        abort();
        if (e instanceof SdkException refused && !failures.isPassing(refused)) {
          throw refused(refused, patience);
        }
        if (!patience.pause(settings.budget())) {
          throw new StoreException(
              ("Cannot read %s: the connection broke after %s of %s bytes, again and again;"
                      + " check the network, then run again")
                  .formatted(name, position, size),
              e);
        }
      } finally {
        waitedNanos += System.nanoTime() - start;
      }
      requireProgress();
    }
  }

  private int readNow(byte[] buffer, int offset, int length) throws IOException {
    requireProgress();
    ResponseInputStream<GetObjectResponse> open = body;
    if (open == null) {
      open = source.openAt(position, etag);
      body = open;
      requireSize(open.response());
      skipToPosition(open);
    }
    int n = open.read(buffer, offset, (int) Math.min(length, size - position));
    if (n > 0) {
      position += n;
      return n;
    }
    throw new EOFException("ended early");
  }

  /** Of two answers one stated a size that was cut off, or the object is another. */
  private void requireSize(GetObjectResponse response) throws StoreException {
    long rest = response.contentRange() == null ? size : size - position;
    if (response.contentLength() != rest) {
      abort();
      throw new StoreException(
          ("Cannot read %s: the server states another size than before, %s bytes in"
                  + " place of %s; run again")
              .formatted(name, response.contentLength(), rest));
    }
  }

  /** A trickle, or an answer that stalls again and again, would never end. */
  private void requireProgress() throws StoreException {
    if (waitedNanos - markedNanos < settings.budget().toNanos()) {
      return;
    }
    if (position - markedPosition < settings.leastProgress()) {
      abort();
      throw new StoreException(
          ("Cannot read %s: the server is too slow, it sent %s bytes in %s s and %s of"
                  + " %s in all; check the network, then run again")
              .formatted(
                  name, position - markedPosition, settings.budget().toSeconds(), position, size));
    }
    markedNanos = waitedNanos;
    markedPosition = position;
  }

  private StoreException refused(SdkException e, Patience patience) {
    int status = ServiceFailures.status(e);
    return status == 404 || status == 412
        ? new StoreException(
            "Cannot read " + name + ": it was replaced or removed meanwhile; run again", e)
        : failures.told(
            ServiceFailures.Operation.READ,
            "read " + name + " from the store",
            e,
            patience.spent());
  }

  /** A server that does not know ranges starts from the beginning. */
  private void skipToPosition(InputStream open) throws IOException {
    ResponseInputStream<GetObjectResponse> response = body;
    if (response != null && response.response().contentRange() == null) {
      open.skipNBytes(position);
    }
  }

  private void abort() {
    ResponseInputStream<GetObjectResponse> open = body;
    body = null;
    if (open != null) {
      open.abort();
    }
  }

  @Override
  public void close() throws IOException {
    ResponseInputStream<GetObjectResponse> open = body;
    if (open != null && position == size) {
      body = null;
      open.close();
    } else {
      // Reading the rest only to keep the connection would cost more than a new one.
      abort();
    }
  }
}
