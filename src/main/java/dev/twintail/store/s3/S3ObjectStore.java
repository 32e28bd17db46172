package dev.twintail.store.s3;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import dev.twintail.store.StoreException.StoreFault;
import dev.twintail.store.s3.ConditionProbe.Condition;
import dev.twintail.store.s3.Requests.Call;
import dev.twintail.store.s3.Requests.RefusedRequest;
import dev.twintail.store.s3.ServiceFailures.Operation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
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
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
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
 * the object is read before it is sent again: if it holds the blob's bytes, it counts as created by
 * this call, even if another process created the same bytes at the same time. A download that
 * breaks goes on where it stopped, as long as bytes come.
 *
 * <p>Before its first write a client finds out whether the server honours conditional writes, see
 * {@link ConditionProbe}. If not, the store looks before it writes, and reads back what it wrote:
 * two writers of one name may then both write. That does no harm to blobs, whose name says what
 * they hold, and a manifest that was overwritten is noticed by whoever lost.
 *
 * <p>Settings and credentials are found where the AWS tools look, see {@code docs/stores.md}.
 * Failures for want of rights and archived objects have a {@linkplain StoreException#kind kind}.
 */
public final class S3ObjectStore implements ObjectStore {
  /** The most that one PUT may hold. */
  private static final long MAX_BYTES = 5L << 30;

  private static final int PARALLELISM = 32;

  /** How often a name is tried that a server says to have, and has not. */
  private static final int MAX_VANISHED = 4;

  private final S3Location location;
  private final S3Connection connection;
  private final S3Client client;
  private final ServiceFailures failures;
  private final Requests requests;
  private final S3Settings settings;
  private final ConditionProbe probe;
  private final Object probing = new Object();
  private @Nullable Boolean conditional;
  private volatile boolean listable;
  private volatile boolean checksums;

  S3ObjectStore(
      S3Location location, S3Connection connection, S3Settings settings, Consumer<String> notices) {
    this.location = location;
    this.connection = connection;
    this.client = connection.client();
    this.failures = new ServiceFailures(location, connection);
    this.requests = new Requests(failures, settings);
    this.settings = settings;
    this.probe = new ConditionProbe(new ProbeAccess(), location.toString(), notices);
    this.checksums =
        connection.override().isEmpty()
            || connection.options().checksums() == S3Options.Checksums.ALWAYS;
  }

  /**
   * Returns the store at {@code location}. Nothing is sent before the first object is asked for.
   *
   * @param notices hears, in one line, when the server lacks something; may be called by any thread
   * @throws StoreException if the configuration cannot be read
   */
  public static S3ObjectStore open(S3Location location, Consumer<String> notices)
      throws StoreException {
    S3Settings settings = S3Settings.DEFAULT;
    return new S3ObjectStore(location, S3Connection.byChain(settings), settings, notices);
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
  public Optional<StoredObject> stat(String name) throws IOException {
    String key = location.keyOf(ObjectStore.requireName(name));
    Optional<HeadObjectResponse> head =
        unlessAbsent("read " + name + " from the store", () -> head(key));
    return head.map(h -> entry(name, h.contentLength(), h.lastModified()));
  }

  /** The answer to HEAD has no body that could say why; that to GET has. */
  private HeadObjectResponse head(String key) {
    try {
      return whole(client.headObject(b -> b.bucket(location.bucket()).key(key)));
    } catch (SdkException e) {
      if (!ServiceFailures.isUnnamed(e, 403) && !ServiceFailures.isUnnamed(e, 400)) {
        throw e;
      }
      try {
        client.getObject(b -> b.bucket(location.bucket()).key(key).range("bytes=0-0")).abort();
      } catch (SdkException told) {
        throw ServiceFailures.status(told) == ServiceFailures.status(e) ? told : e;
      }
      throw e;
    }
  }

  @Override
  public Optional<InputStream> open(String name) throws IOException {
    return read(ObjectStore.requireName(name));
  }

  /** Opens an object also below {@code tmp/}, where what is tried out before the first write is. */
  private Optional<InputStream> read(String name) throws IOException {
    String key = location.keyOf(name);
    return unlessAbsent("read " + name + " from the store", () -> get(key))
        .map(body -> download(name, body));
  }

  private ResponseInputStream<GetObjectResponse> get(String key) {
    return whole(client.getObject(b -> b.bucket(location.bucket()).key(key)));
  }

  private InputStream download(String name, ResponseInputStream<GetObjectResponse> body) {
    ObjectBody.BodySource rest =
        (offset, etag) ->
            whole(
                client.getObject(
                    b ->
                        b.bucket(location.bucket())
                            .key(location.keyOf(name))
                            .range("bytes=" + offset + "-")
                            .ifMatch(etag)));
    return new ObjectBody(name, body, rest, failures, settings);
  }

  private static HeadObjectResponse whole(HeadObjectResponse head) {
    if (head.contentLength() == null || head.lastModified() == null) {
      throw cutOff();
    }
    return head;
  }

  private static ResponseInputStream<GetObjectResponse> whole(
      ResponseInputStream<GetObjectResponse> body) {
    if (body.response().contentLength() == null) {
      body.abort();
      throw cutOff();
    }
    return body;
  }

  /**
   * A listing that is cut off before its body would read as that of an empty store, and one that
   * does not tell where to go on as that of a smaller one, of which a collection would then remove
   * the rest.
   */
  private ListObjectsV2Response whole(ListObjectsV2Response page) throws StoreException {
    if (page.isTruncated() == null) {
      throw cutOff();
    }
    if (page.isTruncated() && page.nextContinuationToken() == null) {
      throw failures.listingBrokenOff();
    }
    return page;
  }

  /** Tells that an answer ended among its headers, which the SDK takes for an answer. */
  private static SdkException cutOff() {
    return SdkClientException.create("cut off", new EOFException("an answer without its headers"));
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    ObjectStore.requireName(name);
    if (content.digest().size() > MAX_BYTES) {
      throw new StoreException(
          "Cannot store %s: it has %s bytes, and S3 takes 5 GiB at once"
              .formatted(name, content.digest().size()));
    }
    if (isConditional()) {
      return put(name, content);
    }
    if (stat(name).isPresent()) {
      return false;
    }
    try {
      written(name, content, Condition.NONE);
    } catch (RefusedRequest e) {
      throw e.told();
    }
    return holds(name, content.digest());
  }

  /** Returns whether this call created the object, as far as anyone can tell. */
  private boolean put(String name, Blob content) throws IOException {
    Patience patience = requests.patience();
    for (int vanished = 0; vanished < MAX_VANISHED; vanished++) {
      try {
        WriteOutcome outcome = written(name, content, Condition.UNLESS_PRESENT);
        if (outcome != WriteOutcome.PRESENT) {
          return outcome == WriteOutcome.CREATED;
        }
      } catch (RefusedRequest e) {
        throw e.told();
      }
      // Not by HEAD: what a server makes of a name that is being written shows when it is read.
      Optional<InputStream> present = open(name);
      if (present.isPresent()) {
        present.get().close();
        return false;
      }
      if (!patience.pause(settings.budget())) {
        break;
      }
    }
    throw failures.nameRefused(name);
  }

  /** What came of a PUT. */
  private enum WriteOutcome {
    /** The object holds these bytes by this call. */
    CREATED,
    /** The server says that the name is taken. */
    PRESENT,
    /** The object was read, and holds other bytes. */
    OTHER
  }

  /**
   * Sends a PUT until its outcome is known. After one that may or may not have been carried out,
   * the object is read before the body is sent again: a server may refuse, because the name is
   * taken, while the body is on its way, of which a client sees no more than a broken connection.
   */
  private WriteOutcome written(String name, Blob content, Condition condition)
      throws IOException, RefusedRequest {
    Patience patience = requests.patience();
    boolean unknown = false;
    while (true) {
      Upload upload = new Upload(content);
      boolean checked = checksums;
      SdkException failure;
      try {
        client.putObject(request(name, content, condition, checked), upload.body());
        requests.succeeded();
        return WriteOutcome.CREATED;
      } catch (RuntimeException e) {
        upload.rethrowSourceFailure();
        if (!(e instanceof SdkException of)) {
          throw e;
        }
        failure = of;
      }
      if (ServiceFailures.status(failure) == 412) {
        requests.succeeded();
        if (!unknown) {
          return WriteOutcome.PRESENT;
        }
        return holds(name, content.digest()) ? WriteOutcome.CREATED : WriteOutcome.OTHER;
      }
      if (!checked && ServiceFailures.demandsChecksum(failure)) {
        // If that is not why, the next answer is the same.
        checksums = true;
        continue;
      }
      if (ServiceFailures.isAmbiguous(failure) && !Thread.currentThread().isInterrupted()) {
        unknown = true;
        if (condition == Condition.UNLESS_PRESENT) {
          Optional<Digest> there = digestAfter(name, patience);
          if (there.isPresent()) {
            return there.get().equals(content.digest()) ? WriteOutcome.CREATED : WriteOutcome.OTHER;
          }
        }
      }
      if (!requests.pause(patience, failure)) {
        throw requests.refused(
            Operation.WRITE, "write " + name + " to the store", failure, patience);
      }
    }
  }

  /** Reads what a PUT of unknown outcome left, within what is left of its patience. */
  private Optional<Digest> digestAfter(String name, Patience writing)
      throws IOException, RefusedRequest {
    Patience reading = requests.patience();
    Duration budget = settings.budget().minus(writing.spent());
    while (true) {
      try (InputStream in = download(name, get(location.keyOf(name)))) {
        return Optional.of(Digest.of(in));
      } catch (SdkException e) {
        if (ServiceFailures.status(e) == 404) {
          return Optional.empty();
        }
        if (!requests.pause(reading, e, budget)) {
          throw requests.refused(
              Operation.READ, "learn whether " + name + " was written", e, writing);
        }
      }
    }
  }

  private PutObjectRequest request(
      String name, Blob content, Condition condition, boolean withChecksum) {
    S3Options options = connection.options();
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(location.bucket())
            .key(location.keyOf(name))
            .overrideConfiguration(
                c -> c.apiCallAttemptTimeout(settings.limitFor(content.digest().size())));
    options.encryption().ifPresent(request::serverSideEncryption);
    options.kmsKey().ifPresent(request::ssekmsKeyId);
    if (condition == Condition.UNLESS_PRESENT) {
      request.ifNoneMatch("*");
    }
    if (withChecksum) {
      byte[] sha256 = HexFormat.of().parseHex(content.digest().sha256());
      request.checksumSHA256(Base64.getEncoder().encodeToString(sha256));
    }
    return request.build();
  }

  private boolean holds(String name, Digest digest) throws IOException {
    Optional<InputStream> opened = read(name);
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
        known = probe.honoured();
        conditional = known;
      }
      return known;
    }
  }

  private final class ProbeAccess implements ConditionProbe.Access {
    @Override
    public Optional<byte[]> read(String name) throws IOException {
      // As a write, which it is for: who may not write is told so, and not that a probe failed.
      Optional<InputStream> opened =
          unlessAbsent("write to the store", () -> get(location.keyOf(name)))
              .map(body -> download(name, body));
      if (opened.isEmpty()) {
        return Optional.empty();
      }
      try (InputStream in = opened.get()) {
        return Optional.of(in.readNBytes(1000));
      }
    }

    @Override
    public ConditionProbe.ServerAnswer write(String name, Blob content, Condition condition)
        throws IOException, RefusedRequest {
      return written(name, content, condition) == WriteOutcome.CREATED
          ? ConditionProbe.ServerAnswer.WRITTEN
          : ConditionProbe.ServerAnswer.PRESENT;
    }

    @Override
    public void delete(String name) throws IOException, RefusedRequest {
      remove("delete from the store", name);
    }
  }

  @Override
  public boolean delete(String name) throws IOException {
    if (stat(name).isEmpty()) {
      return false;
    }
    try {
      remove("delete " + name + " from the store", name);
      return true;
    } catch (RefusedRequest e) {
      if (e.status() == 404) {
        return false;
      }
      throw e.told();
    }
  }

  private void remove(String attempt, String name) throws IOException, RefusedRequest {
    requests.retried(
        Operation.DELETE,
        attempt,
        () -> client.deleteObject(b -> b.bucket(location.bucket()).key(location.keyOf(name))));
  }

  @Override
  public void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
    if (!ObjectStore.isPrefix(prefix)) {
      // Some servers answer with an error instead of an empty list.
      return;
    }
    new ParallelListing(this::page, this::entry).list(location.keyOf(prefix), consumer);
  }

  /** One page after the other: such names may sort behind those that a listing looks for. */
  @Override
  public void listForeign(String folder, Consumer<String> consumer) throws IOException {
    String prefix = location.keyOf(folder);
    ListObjectsV2Response page;
    String token = null;
    do {
      page = page(prefix, null, token);
      for (S3Object object : page.contents()) {
        // Consoles make an object of a folder's own name to show an empty one.
        if (!object.key().equals(prefix) && location.nameOf(object.key()).isEmpty()) {
          consumer.accept(
              ObjectStore.printable(object.key().substring(location.prefix().length())));
        }
      }
      token = page.nextContinuationToken();
    } while (Boolean.TRUE.equals(page.isTruncated()));
  }

  /** Returns whether no object is there; asks for one at most. */
  public boolean isEmpty() throws IOException {
    try {
      return listed(b -> b.prefix(location.keyOf("")).maxKeys(1)).contents().isEmpty();
    } catch (RefusedRequest e) {
      throw e.status() == 404 ? failures.bucketMissing("list the store") : e.told();
    }
  }

  private ListObjectsV2Response page(String prefix, @Nullable String after, @Nullable String token)
      throws IOException {
    try {
      return listed(b -> b.prefix(prefix).startAfter(after).continuationToken(token));
    } catch (RefusedRequest e) {
      throw e.told();
    }
  }

  private ListObjectsV2Response listed(Consumer<ListObjectsV2Request.Builder> request)
      throws IOException, RefusedRequest {
    ListObjectsV2Response page =
        requests.retried(
            Operation.LIST,
            "list the store",
            () -> whole(client.listObjectsV2(b -> request.accept(b.bucket(location.bucket())))));
    listable = true;
    return page;
  }

  private @Nullable StoredObject entry(S3Object object) {
    return location
        .nameOf(object.key())
        .map(name -> entry(name, object.size(), object.lastModified()))
        .orElse(null);
  }

  @Override
  public void close() {
    client.close();
  }

  /** List times and read times of one object are equal to the second only. */
  private static StoredObject entry(String name, long size, Instant modified) {
    return new StoredObject(name, size, modified.truncatedTo(ChronoUnit.SECONDS));
  }

  private <T> Optional<T> unlessAbsent(String attempt, Call<T> call) throws IOException {
    try {
      return Optional.of(requests.retried(Operation.READ, attempt, call));
    } catch (RefusedRequest e) {
      if (e.told().kind() == StoreFault.READ_DENIED) {
        requireListable(attempt);
        throw e.told();
      }
      if (e.status() != 404) {
        throw e.told();
      }
      requireListable(attempt);
      return Optional.empty();
    }
  }

  /**
   * Makes sure, once, that what is absent can be believed. An answer to HEAD does not tell whether
   * the object or the bucket is missing, and without the right to list, S3 says of what is absent
   * that it is forbidden; nor could anything be collected, copied or shown.
   */
  private void requireListable(String attempt) throws IOException {
    if (listable) {
      return;
    }
    try {
      requests.retried(
          Operation.LIST,
          attempt,
          () -> client.listObjectsV2(b -> b.bucket(location.bucket()).prefix("x").maxKeys(1)));
    } catch (RefusedRequest e) {
      throw e.status() == 404 ? failures.bucketMissing(attempt) : e.told();
    }
    listable = true;
  }
}
