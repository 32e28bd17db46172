package dev.twintail.store.s3;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects below a prefix of a bucket, on any S3-compatible server. Any number of processes on any
 * machines may use it at once.
 *
 * <p>An object is created by one conditional PUT ({@code If-None-Match: *}), which S3 makes visible
 * whole or not at all. What fails for a passing reason is tried again, with random pauses, for two
 * minutes. When the outcome of a PUT is unknown, because the connection broke or the server failed,
 * the object is read: if it holds the blob's bytes, it counts as created by this call, even if
 * another process created the same bytes at the same time. A download that breaks goes on where it
 * stopped.
 *
 * <p>Before its first write a client finds out whether the server honours conditional writes, by an
 * object {@code tmp/conditional-write}. If not, it says so, looks before it writes, and reads back
 * what it wrote: two writers of one name may then both write. That does no harm to blobs, whose
 * name says what they hold, and a manifest that was overwritten is noticed by whoever lost.
 *
 * <p>Credentials, region, profile and endpoint are found as the AWS SDK finds them: environment,
 * system properties, {@code ~/.aws}, and what the machine's role offers. With an endpoint of one's
 * own, buckets are addressed by path and checksums are sent only where S3 requires them.
 */
public final class S3ObjectStore implements ObjectStore {
  /** The most that one PUT may hold. */
  private static final long MAX_BYTES = 5L << 30;

  /** How often a request is repeated because of the clocks. */
  private static final int MAX_SKEWED = 3;

  private static final int PARALLELISM = 32;
  private static final String PROBE = "tmp/conditional-write";

  private final S3Location location;
  private final S3Connection connection;
  private final S3Client client;
  private final Failures failures;
  private final S3Settings settings;
  private final Consumer<String> notices;
  private final Object probing = new Object();
  private @Nullable Boolean conditional;
  private volatile boolean answered;
  private volatile boolean bucketSeen;

  private S3ObjectStore(
      S3Location location, S3Connection connection, S3Settings settings, Consumer<String> notices) {
    this.location = location;
    this.connection = connection;
    this.client = connection.client();
    this.failures = new Failures(location, connection.endpoint());
    this.settings = settings;
    this.notices = notices;
  }

  /**
   * Returns the store at {@code location}. Nothing is sent before the first object is asked for.
   *
   * @param notices hears, in one line, when the server lacks something; may be called by any thread
   * @throws StoreException if the SDK's configuration cannot be read
   */
  public static S3ObjectStore open(S3Location location, Consumer<String> notices)
      throws StoreException {
    return open(location, S3Settings.DEFAULT, notices);
  }

  static S3ObjectStore open(S3Location location, S3Settings settings, Consumer<String> notices)
      throws StoreException {
    return new S3ObjectStore(location, S3Connection.byChain(settings), settings, notices);
  }

  /** Returns a store that needs no environment. */
  static S3ObjectStore open(
      S3Location location,
      URI endpoint,
      S3Connection.Keys keys,
      S3Settings settings,
      Consumer<String> notices) {
    return new S3ObjectStore(
        location, S3Connection.to(endpoint, keys, settings), settings, notices);
  }

  @Override
  public String location() {
    return location.toString();
  }

  @Override
  public int parallelism() {
    return PARALLELISM;
  }

  @Override
  public boolean isDistant() {
    return true;
  }

  @Override
  public Optional<Entry> stat(String name) throws IOException {
    String key = location.keyOf(ObjectStore.requireName(name));
    String attempt = "read " + name + " from the store";
    Optional<HeadObjectResponse> head =
        unlessAbsent(
            attempt, () -> whole(client.headObject(b -> b.bucket(location.bucket()).key(key))));
    return head.map(h -> entry(name, h.contentLength(), h.lastModified()));
  }

  @Override
  public Optional<InputStream> open(String name) throws IOException {
    String key = location.keyOf(ObjectStore.requireName(name));
    Optional<ResponseInputStream<GetObjectResponse>> body =
        unlessAbsent(
            "read " + name + " from the store",
            () -> whole(client.getObject(b -> b.bucket(location.bucket()).key(key))));
    return body.map(b -> new Download(name, b, (at, etag) -> rest(name, at, etag), settings));
  }

  private static HeadObjectResponse whole(HeadObjectResponse head) {
    if (head.contentLength() == null || head.lastModified() == null) {
      throw cutOff();
    }
    return head;
  }

  private static ResponseInputStream<GetObjectResponse> whole(
      ResponseInputStream<GetObjectResponse> body) {
    if (body.response().contentLength() == null || body.response().eTag() == null) {
      body.abort();
      throw cutOff();
    }
    return body;
  }

  /** Tells that an answer ended among its headers, which the SDK takes for an answer. */
  private static SdkException cutOff() {
    return SdkClientException.create("cut off", new EOFException("an answer without its headers"));
  }

  private ResponseInputStream<GetObjectResponse> rest(String name, long offset, String etag)
      throws IOException {
    try {
      return client.getObject(
          b ->
              b.bucket(location.bucket())
                  .key(location.keyOf(name))
                  .range("bytes=" + offset + "-")
                  .ifMatch(etag));
    } catch (SdkException e) {
      if (Failures.isPassing(e)) {
        throw e;
      }
      int status = Failures.status(e);
      if (status == 404 || status == 412) {
        throw new StoreException(
            "Cannot read " + name + ": it was replaced or removed meanwhile; run again", e);
      }
      throw failures.told("read " + name + " from the store", e, Duration.ZERO);
    }
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    ObjectStore.requireName(name);
    if (content.digest().size() > MAX_BYTES) {
      throw new StoreException(
          "Cannot store "
              + name
              + ": it has "
              + content.digest().size()
              + " bytes, and S3 takes 5 GiB at once");
    }
    if (isConditional()) {
      return put(name, content, true);
    }
    if (stat(name).isPresent()) {
      return false;
    }
    put(name, content, false);
    return holds(name, content.digest());
  }

  /** Returns whether this call created the object, as far as anyone can tell. */
  private boolean put(String name, Blob content, boolean unlessPresent) throws IOException {
    Patience patience = new Patience(settings.firstPause());
    boolean unknown = false;
    while (true) {
      Upload upload = new Upload(content);
      try {
        client.putObject(request(name, content, unlessPresent), upload.body());
        answered = true;
        bucketSeen = true;
        return true;
      } catch (RuntimeException e) {
        upload.rethrowSourceFailure();
        if (!(e instanceof SdkException failure)) {
          throw e;
        }
        note(failure);
        if (Failures.status(failure) == 412) {
          bucketSeen = true;
          return unknown && holds(name, content.digest());
        }
        unknown |= Failures.isAmbiguous(failure);
        if (!pause(patience, failure)) {
          throw failures.told("write to the store", failure, patience.spent());
        }
      }
    }
  }

  private PutObjectRequest request(String name, Blob content, boolean unlessPresent) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder().bucket(location.bucket()).key(location.keyOf(name));
    if (unlessPresent) {
      request.ifNoneMatch("*");
    }
    if (!connection.isOverridden()) {
      // The server checks what arrives; others than Amazon's may not know the header.
      byte[] sha256 = HexFormat.of().parseHex(content.digest().sha256());
      request.checksumSHA256(Base64.getEncoder().encodeToString(sha256));
    }
    return request.build();
  }

  private boolean holds(String name, Digest digest) throws IOException {
    Optional<InputStream> opened = open(name);
    if (opened.isEmpty()) {
      return false;
    }
    try (InputStream in = opened.get()) {
      return Digest.of(in).equals(digest);
    }
  }

  /** Returns whether the server refuses to replace when told so; asks it once. */
  private boolean isConditional() throws IOException {
    synchronized (probing) {
      Boolean known = conditional;
      if (known == null) {
        known = probe();
        conditional = known;
        if (!known) {
          notices.accept(
              "The server of "
                  + location
                  + " does not honour conditional writes (If-None-Match). The store stays right:"
                  + " blobs are named by their bytes, and what is written is read back; but two runs"
                  + " that make the same thing at once may both write it");
        }
      }
      return known;
    }
  }

  /** Writes the same object until the server says that it is there; it should at once. */
  private boolean probe() throws IOException {
    Blob content =
        Blob.of("This object may not be replaced.\n".getBytes(StandardCharsets.US_ASCII));
    String key = location.keyOf(PROBE);
    for (int i = 0; i < 2; i++) {
      try {
        retried(
            "write to the store",
            () ->
                client.putObject(
                    b -> b.bucket(location.bucket()).key(key).ifNoneMatch("*"),
                    new Upload(content).body()));
      } catch (Refused e) {
        // 501 is how a server says that it does not know the header.
        if (e.status() == 412) {
          return true;
        }
        if (e.status() == 501) {
          return false;
        }
        throw e.told();
      }
    }
    return false;
  }

  @Override
  public boolean delete(String name) throws IOException {
    if (stat(name).isEmpty()) {
      return false;
    }
    try {
      retried(
          "delete from the store",
          () -> client.deleteObject(b -> b.bucket(location.bucket()).key(location.keyOf(name))));
      return true;
    } catch (Refused e) {
      if (e.status() == 404) {
        return false;
      }
      throw e.told();
    }
  }

  @Override
  public void list(String prefix, Consumer<Entry> consumer) throws IOException {
    if (!ObjectStore.isPrefix(prefix)) {
      // Some servers answer with an error instead of an empty list.
      return;
    }
    String start = location.keyOf(prefix);
    String token = null;
    do {
      ListObjectsV2Response page = page(start, token);
      for (S3Object object : page.contents()) {
        if (object.key().startsWith(start)) {
          location
              .nameOf(object.key())
              .ifPresent(
                  name -> consumer.accept(entry(name, object.size(), object.lastModified())));
        }
      }
      token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (token != null);
  }

  private ListObjectsV2Response page(String prefix, @Nullable String token) throws IOException {
    try {
      ListObjectsV2Response page =
          retried(
              "list the store",
              () ->
                  client.listObjectsV2(
                      b -> b.bucket(location.bucket()).prefix(prefix).continuationToken(token)));
      bucketSeen = true;
      return page;
    } catch (Refused e) {
      throw e.told();
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** List times and read times of one object are equal to the second only. */
  private static Entry entry(String name, long size, Instant modified) {
    return new Entry(name, size, modified.truncatedTo(ChronoUnit.SECONDS));
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  /** A failure that another attempt does not mend. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final StoreException told;

    private Refused(int status, StoreException told) {
      super(told);
      this.status = status;
      this.told = told;
    }

    int status() {
      return status;
    }

    StoreException told() {
      return told;
    }
  }

  private <T> Optional<T> unlessAbsent(String attempt, Call<T> call) throws IOException {
    try {
      T result = retried(attempt, call);
      bucketSeen = true;
      return Optional.of(result);
    } catch (Refused e) {
      if (e.status() != 404) {
        throw e.told();
      }
      requireBucket(attempt);
      return Optional.empty();
    }
  }

  /** An answer to HEAD does not tell whether the object or the bucket is missing. */
  private void requireBucket(String attempt) throws IOException {
    if (bucketSeen) {
      return;
    }
    try {
      retried(
          attempt,
          () -> client.listObjectsV2(b -> b.bucket(location.bucket()).prefix("x").maxKeys(1)));
    } catch (Refused e) {
      if (e.status() == 404) {
        throw failures.bucketMissing(attempt);
      }
      if (e.status() != 403) {
        throw e.told();
      }
      // Reading may be allowed where listing is not.
    }
    bucketSeen = true;
  }

  private <T> T retried(String attempt, Call<T> call) throws IOException, Refused {
    Patience patience = new Patience(settings.firstPause());
    while (true) {
      try {
        T result = call.run();
        answered = true;
        return result;
      } catch (SdkException e) {
        note(e);
        if (!pause(patience, e)) {
          throw new Refused(Failures.status(e), failures.told(attempt, e, patience.spent()));
        }
      }
    }
  }

  private void note(SdkException e) {
    if (Failures.status(e) > 0) {
      answered = true;
    }
  }

  /** Waits before another attempt, or returns {@code false} if there is no point in one. */
  private boolean pause(Patience patience, SdkException e) throws IOException {
    if (!Failures.isPassing(e) || Thread.currentThread().isInterrupted()) {
      return false;
    }
    if (Failures.isSkewed(e) && patience.retries() >= MAX_SKEWED) {
      return false;
    }
    // A server that never answered is more likely misnamed than restarting.
    boolean misnamed = !answered && Failures.isUnreachable(e);
    return patience.pause(misnamed ? settings.budget().dividedBy(40) : settings.budget());
  }
}
