package dev.twintail.store.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twintail.blob.Blob;
import dev.twintail.net.Proxies;
import dev.twintail.net.ServerTrust;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import dev.twintail.store.StoreException.StoreFault;
import dev.twintail.store.s3.FaultyProxy.Fault;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Users who may not do everything, and servers and buckets that ask for something. */
class S3RightsTest {
  private static final Blob BLOB = Blob.of("hello".getBytes(US_ASCII));
  private static final String NAME = "cas/ab/abc";
  private static final AwsCredentialsProvider KEYS =
      EmbeddedS3.keys(EmbeddedS3.KEY_ID, EmbeddedS3.SECRET);

  private static EmbeddedS3 server;
  private static FaultyProxy proxy;

  private ObjectStore direct;
  private S3ObjectStore store;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedS3.startWithoutAuthentication();
    // The server knows none of these headers.
    proxy =
        FaultyProxy.before(server.endpoint())
            .withoutHeaders("x-amz-request-payer|x-amz-server-side-encryption.*");
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    proxy.follow((request, number) -> Fault.NONE);
    direct = server.emptyStore();
    direct.create(NAME, BLOB);
    store = over(S3Options.NONE);
  }

  @AfterEach
  void close() throws Exception {
    direct.close();
    store.close();
  }

  @Test
  void delete_denied_isToldApart() throws Exception {
    refuse(Fault.FORBIDDEN_403, line -> line.startsWith("DELETE"));

    assertThat(store.create("cas/new", BLOB)).isTrue();
    StoreException denied = failureOf(() -> store.delete(NAME));

    assertThat(denied.kind()).isEqualTo(StoreFault.DELETE_DENIED);
    assertThat(denied)
        .hasMessageContaining("access denied, 403 AccessDenied")
        .hasMessageContaining("s3:DeleteObject");
  }

  @Test
  void everything_readOnly_readsAndTellsOfWrites() throws Exception {
    refuse(Fault.FORBIDDEN_403, line -> line.startsWith("PUT") || line.startsWith("DELETE"));

    assertThat(store.stat(NAME)).isPresent();
    assertThat(store.stat("cas/none")).isEmpty();
    assertThat(failureOf(() -> store.create("cas/new", BLOB)).kind())
        .isEqualTo(StoreFault.WRITE_DENIED);
    assertThat(failureOf(() -> store.delete(NAME)).kind()).isEqualTo(StoreFault.DELETE_DENIED);
  }

  @Test
  void listing_denied_isToldByTheFirstThatIsAbsent() throws Exception {
    refuse(Fault.FORBIDDEN_403, line -> line.contains("list-type"));

    assertThat(store.stat(NAME)).isPresent();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(() -> store.stat("cas/none"), () -> store.open("cas/none"))) {
      StoreException denied = failureOf(call);
      assertThat(denied.kind()).isEqualTo(StoreFault.LIST_DENIED);
      assertThat(denied).hasMessageContaining("a store needs s3:ListBucket");
    }
  }

  @Test
  void read_absentAndListingDenied_isToldAsThat() {
    // S3 says 403 of what is absent to those who may not list.
    refuse(Fault.FORBIDDEN_403, line -> line.contains("list-type") || line.contains("none"));

    assertThat(failureOf(() -> store.stat("cas/none")).kind()).isEqualTo(StoreFault.LIST_DENIED);
  }

  @Test
  void read_denied_isToldApart() {
    refuse(Fault.FORBIDDEN_403, line -> line.contains("cas/ab"));

    assertThat(failureOf(() -> store.stat(NAME)).kind()).isEqualTo(StoreFault.READ_DENIED);
    assertThat(failureOf(() -> store.open(NAME)).kind()).isEqualTo(StoreFault.READ_DENIED);
  }

  @Test
  void read_archived_namesItAndSaysRestore() {
    refuse(Fault.ARCHIVED_403, line -> line.startsWith("GET") && line.contains("cas/ab"));

    StoreException archived = failureOf(() -> store.open(NAME));

    assertThat(archived.kind()).isEqualTo(StoreFault.ARCHIVED);
    assertThat(archived)
        .hasMessageStartingWith("Cannot read cas/ab/abc from the store: it is archived")
        .hasMessageContaining("InvalidObjectState")
        .hasMessageContaining("restore");
  }

  @Test
  void refusal_otherThanAccessDenied_givesTheServersCodeAndNoPolicyAdvice() {
    refuse(Fault.QUOTA_403, line -> true);

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> store.stat(NAME), () -> store.open(NAME), () -> store.create("x", BLOB))) {
      StoreException refused = failureOf(call);
      assertThat(refused.kind()).isEqualTo(StoreFault.OTHER);
      assertThat(refused)
          .hasMessageContaining("the server answers 403 QuotaExceeded")
          .hasMessageNotContaining("policy");
    }
  }

  @Test
  void refusal_expiredToken_saysSo() {
    refuse(Fault.EXPIRED_400, line -> true);

    assertThat(failureOf(() -> store.stat(NAME)))
        .hasMessageContaining("does not accept the session token, ExpiredToken")
        .hasMessageContaining("aws sso login");
  }

  @Test
  void create_checksumDemanded_isSentFromThenOn() throws Exception {
    refuse(Fault.CHECKSUM_400, line -> line.startsWith("PUT"));

    assertThat(store.create("cas/new", BLOB)).isTrue();

    proxy.follow((request, number) -> Fault.NONE);
    assertThat(store.create("cas/newer", BLOB)).isTrue();
    assertThat(proxy.heads())
        .filteredOn(head -> head.startsWith("PUT"))
        .singleElement()
        .satisfies(head -> assertThat(header(head, "x-amz-checksum-sha256")).isPresent());
  }

  @Test
  void requests_options_areSent() throws Exception {
    S3Options options =
        S3Options.of(
            Map.of(
                "TWINTAIL_S3_SSE", "aws:kms",
                "TWINTAIL_S3_SSE_KMS_KEY_ID", "the-key",
                "TWINTAIL_S3_REQUEST_PAYER", "requester"),
            property -> Optional.empty());
    try (S3ObjectStore asked = over(options)) {
      assertThat(asked.create("cas/new", BLOB)).isTrue();
    }

    assertThat(proxy.heads())
        .isNotEmpty()
        .allSatisfy(head -> assertThat(header(head, "x-amz-request-payer")).contains("requester"))
        .filteredOn(head -> head.startsWith("PUT"))
        .isNotEmpty()
        .allSatisfy(
            head -> {
              assertThat(header(head, "x-amz-server-side-encryption")).contains("aws:kms");
              assertThat(header(head, "x-amz-server-side-encryption-aws-kms-key-id"))
                  .contains("the-key");
            });
  }

  @Test
  void body_overPlainHttp_isNotFramed() throws Exception {
    store.create("cas/new", BLOB);

    assertThat(proxy.heads())
        .filteredOn(head -> head.startsWith("PUT"))
        .isNotEmpty()
        .allSatisfy(head -> assertThat(head).doesNotContainIgnoringCase("aws-chunked"));
  }

  @Test
  void requests_virtualAddressing_goToTheBucketsHostThroughTheProxy() throws Exception {
    S3Options options =
        S3Options.of(
            Map.of(),
            property ->
                Optional.of("\naddressing_style = virtual").filter(v -> property.equals("s3")));
    HttpSettings proxied =
        new HttpSettings(
            Proxies.of(Map.of("HTTP_PROXY", proxy.endpoint().toString())), ServerTrust.ofJvm());
    refuse(Fault.QUOTA_403, line -> true);

    try (S3ObjectStore virtual =
        new S3ObjectStore(
            S3Location.parse("s3://" + EmbeddedS3.BUCKET),
            S3Connection.to(
                URI.create("http://store.example"), KEYS, EmbeddedS3.QUICK, proxied, options),
            EmbeddedS3.QUICK,
            notice -> {})) {
      failureOf(() -> virtual.open(NAME));
    }

    assertThat(proxy.lines()).containsExactly("GET http://artifacts.store.example/cas/ab/abc");
  }

  private S3ObjectStore over(S3Options options) {
    return new S3ObjectStore(
        S3Location.parse(direct.location()),
        S3Connection.to(
            proxy.endpoint(),
            KEYS,
            EmbeddedS3.QUICK,
            new HttpSettings(Proxies.of(Map.of()), ServerTrust.ofJvm()),
            options),
        EmbeddedS3.QUICK,
        notice -> {
          throw new AssertionError(notice);
        });
  }

  private static void refuse(Fault fault, Predicate<String> which) {
    proxy.follow((request, number) -> which.test(request) ? fault : Fault.NONE);
  }

  private static StoreException failureOf(ThrowingCallable call) {
    StoreException failure = catchThrowableOfType(StoreException.class, call);
    assertThat(failure).isNotNull().hasMessageNotContaining("\n");
    return failure;
  }

  private static Optional<String> header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }
}
