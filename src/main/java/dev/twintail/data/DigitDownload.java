package dev.twintail.data;

import dev.twintail.blob.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads URLs. What breaks off is begun anew by whoever wants it: the files are small, and a
 * beginning on the disk would be everybody's who loads the same. Whether the bytes are the right
 * ones is for the caller to check.
 */
final class DigitDownload {
  private final HttpClient client;
  private final Duration connectTimeout;
  private final Duration stallTimeout;
  private final DigitFinder.DownloadProgress progress;

  DigitDownload(
      HttpClient client,
      Duration connectTimeout,
      Duration stallTimeout,
      DigitFinder.DownloadProgress progress) {
    this.client = client;
    this.connectTimeout = connectTimeout;
    this.stallTimeout = stallTimeout;
    this.progress = progress;
  }

  /** What is left to try after a failure. */
  enum Then {
    /** The same file from the same host. */
    SAME_AGAIN,
    /** Other files from the same host. */
    OTHER_FILES,
    /** Only other hosts. */
    OTHER_HOSTS
  }

  /** A download failed; the message follows the name of what was loaded. */
  static final class FailedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final Then then;

    FailedException(String message, Then then) {
      this(message, then, null);
    }

    FailedException(String message, Then then, @Nullable Throwable cause) {
      super(message, cause);
      this.then = then;
    }

    /** Returns what the failure leaves to try. */
    Then then() {
      return then;
    }
  }

  /**
   * Opens {@code url} to be read from its start; what is read throws what the network does. Nothing
   * is kept: who reads decides how much there may be.
   */
  InputStream open(URI url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url).timeout(connectTimeout.plus(stallTimeout)).GET().build();
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(request);
    GuardedBody body = new GuardedBody(response.body(), stallTimeout);
    if (response.statusCode() != 200) {
      body.close();
      throw new FailedException("gives HTTP " + response.statusCode(), Then.OTHER_FILES);
    }
    long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    return new Body(body, come -> progress.update(url.toString(), come, total), total);
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofPublisher());
    } catch (HttpConnectTimeoutException e) {
      throw failed("no connection within " + seconds(connectTimeout), e);
    } catch (HttpTimeoutException e) {
      throw failed("no answer within " + seconds(connectTimeout.plus(stallTimeout)), e);
    } catch (ConnectException e) {
      throw failed(isUnresolved(e) ? "unknown host" : "no connection", e);
    }
  }

  private static FailedException failed(String reason, IOException cause) {
    return new FailedException(reason, Then.OTHER_HOSTS, cause);
  }

  private static boolean isUnresolved(@Nullable Throwable e) {
    return e != null && (e instanceof UnresolvedAddressException || isUnresolved(e.getCause()));
  }

  /** The bytes of a response. */
  private static final class Body extends BulkInputStream {
    private final GuardedBody body;
    private final LongConsumer progress;
    private final long total;
    private final Deque<ByteBuffer> chunk = new ArrayDeque<>();
    private long come;
    private boolean ended;

    Body(GuardedBody body, LongConsumer progress, long total) {
      this.body = body;
      this.progress = progress;
      this.total = total;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      ByteBuffer next = next();
      if (next == null) {
        return -1;
      }
      int n = Math.min(length, next.remaining());
      next.get(buffer, offset, n);
      return n;
    }

    /** Returns the bytes that come next, or null at the end. */
    private @Nullable ByteBuffer next() throws IOException {
      while (!ended) {
        ByteBuffer first = chunk.peek();
        if (first == null) {
          pull();
        } else if (first.hasRemaining()) {
          return first;
        } else {
          chunk.remove();
        }
      }
      return null;
    }

    private void pull() throws IOException {
      List<ByteBuffer> pulled;
      try {
        pulled = body.next();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted");
      }
      if (pulled == null) {
        ended = true;
        if (total >= 0 && come != total) {
          throw new FailedException(
              "ends after " + come + " of " + total + " bytes", Then.SAME_AGAIN);
        }
        return;
      }
      chunk.addAll(pulled);
      come += pulled.stream().mapToLong(ByteBuffer::remaining).sum();
      progress.accept(come);
    }

    /** Drops what has not come yet. */
    @Override
    public void close() {
      body.close();
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
