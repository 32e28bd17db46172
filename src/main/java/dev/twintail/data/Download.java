package dev.twintail.data;

import dev.twintail.blob.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one URL into a file of its own, resuming what an earlier attempt left there. Whether the
 * bytes are the right ones is for the caller to check.
 */
final class Download {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]+)-[0-9]+/([0-9]+|\\*)");

  private final HttpClient client;
  private final Duration connectTimeout;
  private final Duration stallTimeout;
  private final DigitFinder.Progress progress;

  Download(
      HttpClient client,
      Duration connectTimeout,
      Duration stallTimeout,
      DigitFinder.Progress progress) {
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
      super(message);
      this.then = then;
    }

    /** Returns what the failure leaves to try. */
    Then then() {
      return then;
    }
  }

  /** Returns where {@code url} is loaded to under {@code folder}: a name of the URL alone. */
  static Path partialFile(Path folder, URI url) {
    Digest name = Digest.of(url.toString().getBytes(StandardCharsets.UTF_8));
    return folder.resolve("download-" + name.abbreviated() + ".part");
  }

  /**
   * Loads the rest of {@code url} behind what {@code partial} holds; all of it if there is nothing,
   * or if the server does not resume. Throws what the network and the disk throw, with what has
   * come kept in {@code partial}.
   */
  void fetch(URI url, Path partial) throws IOException, InterruptedException {
    long have = Files.exists(partial) ? Files.size(partial) : 0;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url).timeout(connectTimeout.plus(stallTimeout)).GET();
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(request.build());
    try (GuardedBody body = new GuardedBody(response.body(), stallTimeout)) {
      switch (response.statusCode()) {
        case 200 -> save(url, body, partial, 0, length(response));
        case 206 -> save(url, body, partial, have, resumedLength(response, have, partial));
        case 416 -> {
          // The file holds all there is, or another's bytes: begin anew.
          Files.delete(partial);
          throw new FailedException("cannot be resumed (HTTP 416)", Then.SAME_AGAIN);
        }
        default ->
            throw new FailedException("gives HTTP " + response.statusCode(), Then.OTHER_FILES);
      }
    }
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
    FailedException failed = new FailedException(reason, Then.OTHER_HOSTS);
    failed.initCause(cause);
    return failed;
  }

  private static boolean isUnresolved(@Nullable Throwable e) {
    return e != null && (e instanceof UnresolvedAddressException || isUnresolved(e.getCause()));
  }

  private static long length(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("Content-Length").orElse(-1);
  }

  private static long resumedLength(HttpResponse<?> response, long have, Path partial)
      throws IOException {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    if (!range.matches() || !range.group(1).equals(Long.toString(have))) {
      Files.delete(partial);
      throw new FailedException("resumes elsewhere than asked", Then.SAME_AGAIN);
    }
    return range.group(2).equals("*") ? -1 : Long.parseLong(range.group(2));
  }

  private void save(URI url, GuardedBody body, Path partial, long start, long total)
      throws IOException, InterruptedException {
    long written = start;
    StandardOpenOption how =
        start == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
    try (OutputStream file =
            Files.newOutputStream(
                partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
        WritableByteChannel out = Channels.newChannel(file)) {
      for (List<ByteBuffer> chunk = body.next(); chunk != null; chunk = body.next()) {
        for (ByteBuffer buffer : chunk) {
          written += out.write(buffer);
        }
        progress.update(url.toString(), written, total);
      }
    }
    if (total >= 0 && written != total) {
      throw new FailedException(
          "ends after " + written + " of " + total + " bytes", Then.SAME_AGAIN);
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
