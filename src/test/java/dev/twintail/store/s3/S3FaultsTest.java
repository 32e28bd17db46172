package dev.twintail.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import dev.twintail.store.s3.FaultyProxy.Fault;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real client, and everything that may go wrong between it and a server. */
class S3FaultsTest {
  private static final Blob BLOB = random(300_000, 1);
  private static final String NAME = "cas/ab/abc";
  private static final S3Settings HASTY =
      new S3Settings(
          Duration.ofMillis(400),
          Duration.ofMillis(5),
          Duration.ofSeconds(1),
          Duration.ofMillis(300));

  private static EmbeddedS3 server;
  private static FaultyProxy proxy;

  private final List<String> events = new ArrayList<>();
  private ObjectStore direct;
  private S3ObjectStore faulty;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedS3.start();
    proxy = FaultyProxy.before(server.endpoint());
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    server.close();
  }

  @BeforeEach
  void open() {
    proxy.follow((request, number) -> Fault.NONE);
    direct = server.emptyStore();
    faulty = over(proxy.endpoint(), EmbeddedS3.QUICK);
  }

  @AfterEach
  void close() throws Exception {
    direct.close();
    faulty.close();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "RESET_BEFORE",
        "RESET_AFTER",
        "CUT_HEAD",
        "RESET_IN_BODY",
        "TRUNCATED",
        "ERROR_500",
        "ERROR_500_AFTER",
        "SLOW_DOWN_503",
        "CONFLICT_409"
      })
  void everything_faultInABurst_isAsWithoutIt(Fault fault) throws Exception {
    // Three of every four times a request fails, whatever it is; of racing ones, the first three.
    Map<String, Integer> times = new ConcurrentHashMap<>();
    proxy.follow(
        (request, number) -> {
          int time = times.merge(request, 1, Integer::sum);
          boolean passes = request.contains("conditional-write-") ? time > 3 : time % 4 == 0;
          return passes ? Fault.NONE : fault;
        });

    boolean created = faulty.create(NAME, BLOB);

    assertThat(created).isTrue();
    assertThat(digestIn(direct)).isEqualTo(BLOB.digest());
    assertThat(faulty.stat(NAME)).isEqualTo(direct.stat(NAME)).isPresent();
    assertThat(digestIn(faulty)).isEqualTo(BLOB.digest());
    assertThat(faulty.create(NAME, random(10, 2))).isFalse();
    List<String> names = new ArrayList<>();
    faulty.list("cas/", entry -> names.add(entry.name()));
    assertThat(names).containsExactly(NAME);
    assertThat(faulty.delete(NAME)).isTrue();
    assertThat(direct.stat(NAME)).isEmpty();
    assertThat(proxy.faults()).isPositive();
  }

  @Test
  void create_answerLostAndAnotherHasTheName_isToldFalse() throws Exception {
    direct.create(NAME, random(10, 3));
    proxy.follow((request, number) -> request.startsWith("PUT") ? Fault.RESET_AFTER : Fault.NONE);

    // All answers to PUTs are lost; reading tells that the name is another's.
    assertThat(faulty.create(NAME, BLOB)).isFalse();
    assertThat(digestIn(direct)).isEqualTo(random(10, 3).digest());
  }

  @Test
  void create_answerLostOnce_isReadBeforeItIsSentAgain() throws Exception {
    faulty.create("other", BLOB);
    proxy.follow(
        (request, number) ->
            request.startsWith("PUT") && number == 0 ? Fault.RESET_AFTER : Fault.NONE);

    assertThat(faulty.create(NAME, BLOB)).isTrue();
    assertThat(proxy.lines())
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsExactly("PUT", "GET");

    proxy.follow(
        (request, number) ->
            request.startsWith("PUT") && number == 0 ? Fault.RESET_BEFORE : Fault.NONE);
    assertThat(faulty.create(NAME, random(10, 4))).isFalse();
  }

  /** An answer without its headers is none: the SDK hands it out with nothing in it. */
  @Test
  void create_answerLostAndTheNextOneCut_isReadUntilItIsKnown() throws Exception {
    faulty.create("other", BLOB);
    proxy.follow(
        (request, number) ->
            switch (number) {
              case 0 -> Fault.RESET_AFTER;
              case 1, 2 -> Fault.CUT_HEAD;
              default -> Fault.NONE;
            });

    assertThat(faulty.create(NAME, BLOB)).isTrue();
    assertThat(proxy.faults()).isEqualTo(3);
  }

  /** Whoever collects garbage by an empty listing would delete all. */
  @Test
  void list_answerCut_isAskedForAgain() throws Exception {
    direct.create(NAME, BLOB);
    proxy.follow((request, number) -> number < 2 ? Fault.CUT_HEAD : Fault.NONE);
    List<String> names = new ArrayList<>();

    faulty.list("", entry -> names.add(entry.name()));

    assertThat(names).containsExactly(NAME);
    assertThat(proxy.faults()).isEqualTo(2);
    proxy.follow((request, number) -> number < 2 ? Fault.CUT_HEAD : Fault.NONE);
    assertThat(faulty.isEmpty()).isFalse();
  }

  @Test
  void read_rangeWithoutItsHead_goesOnWhereItWas() throws Exception {
    direct.create(NAME, BLOB);
    proxy.follow(
        (request, number) ->
            switch (number) {
              case 0 -> Fault.RESET_IN_BODY;
              case 1 -> Fault.CUT_HEAD;
              default -> Fault.NONE;
            });

    assertThat(digestIn(faulty)).isEqualTo(BLOB.digest());
    assertThat(proxy.faults()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET_BEFORE", "ERROR_500", "SLOW_DOWN_503", "FORBIDDEN_403", "SILENCE"})
  void everything_faultForever_isToldInOneLine(Fault fault) throws Exception {
    S3ObjectStore hasty = over(proxy.endpoint(), HASTY);
    proxy.follow((request, number) -> fault);

    for (Throwing call :
        List.<Throwing>of(
            () -> hasty.stat(NAME),
            () -> hasty.open(NAME),
            () -> hasty.create(NAME, BLOB),
            () -> hasty.list("", entry -> {}))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Cannot ")
          .hasMessageContaining("; ")
          .hasMessageNotContaining("\n")
          .satisfies(e -> assertThat(trace(e)).doesNotContain(EmbeddedS3.SECRET));
    }
    hasty.close();
    proxy.follow((request, number) -> Fault.NONE);
    assertThat(faulty.stat(NAME)).isEmpty();
  }

  @Test
  void create_refusedWhileTheBodyIsSent_endsWithWhatIsThere() throws Exception {
    Blob large = random(20_000_000, 11);
    direct.create(NAME, large);
    direct.create("cas/other", random(10, 12));
    faulty.create("first", BLOB);
    proxy.follow((request, number) -> request.startsWith("PUT") ? Fault.EARLY_412 : Fault.NONE);

    assertThat(faulty.create(NAME, large)).isTrue();
    assertThat(faulty.create("cas/other", large)).isFalse();

    assertThat(proxy.lines()).filteredOn(line -> line.startsWith("PUT")).hasSize(2);
  }

  @Test
  void create_nameGoneAndRefused_isToldSo() throws Exception {
    faulty.create("first", BLOB);
    proxy.follow(
        (request, number) -> request.startsWith("PUT") ? Fault.PRESENT_412 : Fault.ABSENT_404);

    assertThatThrownBy(() -> faulty.create(NAME, BLOB))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot store cas/ab/abc: the server says that it is there (412)")
        .hasMessageContaining("refuse names once deleted")
        .hasMessageContaining("; use a bucket without versioning");
  }

  @ParameterizedTest
  @EnumSource(names = {"TRICKLE", "STALL_IN_BODY"})
  void read_hardlyAnyBytes_isToldInTheEnd(Fault fault) throws Exception {
    direct.create(NAME, BLOB);
    try (S3ObjectStore hasty = over(proxy.endpoint(), HASTY)) {
      proxy.follow((request, number) -> request.startsWith("GET") ? fault : Fault.NONE);

      try (InputStream in = hasty.open(NAME).orElseThrow()) {
        assertThatThrownBy(in::readAllBytes)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("Cannot read cas/ab/abc: the server is too slow, it sent ")
            .hasMessageContaining(" of 300000 in all; check the network");
      }
    }
  }

  @Test
  void list_hardlyAnyBytes_isToldInTheEnd() throws Exception {
    direct.create(NAME, BLOB);
    try (S3ObjectStore hasty = over(proxy.endpoint(), HASTY)) {
      proxy.follow((request, number) -> Fault.TRICKLE);

      assertThatThrownBy(() -> hasty.list("", entry -> {}))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Cannot list the store: the server is too slow");
    }
  }

  @Test
  void create_clockSkewed_isCorrectedOrTold() throws Exception {
    // The client believes the first answer, is wrong then, and is told so by the real server.
    proxy.follow((request, number) -> number == 0 ? Fault.SKEWED_403 : Fault.NONE);

    assertThat(faulty.create(NAME, BLOB)).isTrue();

    proxy.follow((request, number) -> Fault.SKEWED_403);
    assertThatThrownBy(() -> faulty.stat(NAME))
        .hasMessageContaining("this machine's clock is not the server's, they differ by 60 minutes")
        .hasMessageEndingWith("; set the clock");

    // The SDK keeps one clock for all clients of a JVM: let the real server set it right.
    proxy.follow((request, number) -> Fault.NONE);
    faulty.list("", entry -> {});
  }

  @Test
  void open_refused_isToldWithTheRemedy() throws Exception {
    int port;
    try (ServerSocket unused = new ServerSocket(0)) {
      port = unused.getLocalPort();
    }
    try (S3ObjectStore nowhere = over(URI.create("http://127.0.0.1:" + port), EmbeddedS3.QUICK)) {
      assertThatThrownBy(() -> nowhere.stat(NAME))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Cannot read cas/ab/abc from the store: connection refused")
          .hasMessageContaining("http://127.0.0.1:" + port)
          .hasMessageContaining("AWS_ENDPOINT_URL_S3");
    }
  }

  @Test
  void everything_bucketMissing_isToldWithTheRemedy() throws Exception {
    try (S3ObjectStore missing =
        new S3ObjectStore(
            new S3Location("no-such-bucket", ""),
            EmbeddedS3.connection(
                server.endpoint(),
                EmbeddedS3.keys(EmbeddedS3.KEY_ID, EmbeddedS3.SECRET),
                EmbeddedS3.QUICK),
            EmbeddedS3.QUICK,
            events::add)) {
      for (Throwing call :
          List.<Throwing>of(
              () -> missing.stat(NAME),
              () -> missing.open(NAME),
              () -> missing.create(NAME, BLOB),
              () -> missing.list("", entry -> {}))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining(": there is no bucket no-such-bucket (http://127.0.0.1:")
            .hasMessageContaining("; create it");
      }
    }
  }

  @Test
  void everything_wrongSecret_isToldWithoutIt() throws Exception {
    try (S3ObjectStore stranger =
        new S3ObjectStore(
            S3Location.parse("s3://" + EmbeddedS3.BUCKET),
            EmbeddedS3.connection(
                server.endpoint(),
                EmbeddedS3.keys(EmbeddedS3.KEY_ID, "wrong but private"),
                EmbeddedS3.QUICK),
            EmbeddedS3.QUICK,
            events::add)) {
      for (Throwing call :
          List.<Throwing>of(() -> stranger.open(NAME), () -> stranger.create(NAME, BLOB))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("does not accept these credentials")
            .satisfies(e -> assertThat(trace(e)).doesNotContain("wrong but private"));
      }
    }
  }

  @Test
  void get_wrongBytesOfTheRightLength_areReadAgainAndNeverServed() throws Exception {
    new BlobStore(direct, events::add).put(BLOB);
    BlobStore blobs = new BlobStore(faulty, events::add);
    proxy.follow(
        (request, number) ->
            request.startsWith("GET") && number % 4 < 3 ? Fault.WRONG_BYTES : Fault.NONE);

    assertThat(blobs.get(BLOB.digest()).orElseThrow().bytes()).isEqualTo(BLOB.bytes());
    assertThat(new BlobStore(faulty, events::add).verify(BLOB.digest())).isTrue();
    assertThat(events).isEmpty();
    assertThat(proxy.faults()).isPositive();
  }

  @Test
  void get_wrongBytesAlways_isAnErrorAndLosesNothing() throws Exception {
    new BlobStore(direct, events::add).put(BLOB);
    BlobStore blobs = new BlobStore(faulty, events::add);
    proxy.follow((request, number) -> request.startsWith("GET") ? Fault.WRONG_BYTES : Fault.NONE);

    assertThatThrownBy(() -> blobs.get(BLOB.digest()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("or others each time");

    assertThat(new BlobStore(direct, events::add).verify(BLOB.digest())).isTrue();
  }

  @Test
  void get_wrongBytesOnTheServer_isQuarantined() throws Exception {
    Blob rotten = random(300_000, 9);
    String sha256 = BLOB.digest().sha256();
    direct.create("cas/" + sha256.substring(0, 2) + "/" + sha256, rotten);
    BlobStore blobs = new BlobStore(faulty, events::add);

    assertThat(blobs.get(BLOB.digest())).isEmpty();

    assertThat(events).hasSize(1);
    assertThat(direct.stat("quarantine/" + sha256 + "-" + rotten.digest().abbreviated()))
        .isPresent();
    blobs.put(BLOB);
    assertThat(blobs.verify(BLOB.digest())).isTrue();
  }

  @Test
  void read_replacedWhileBroken_isAnError() throws Exception {
    direct.create(NAME, BLOB);
    try (InputStream in = faulty.open(NAME).orElseThrow()) {
      assertThat(in.readNBytes(10)).hasSize(10);
    }
    proxy.follow(
        (request, number) -> {
          if (number == 1) {
            replace();
          }
          return number == 0 ? Fault.RESET_IN_BODY : Fault.NONE;
        });

    try (InputStream in = faulty.open(NAME).orElseThrow()) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("replaced or removed meanwhile");
    }
  }

  private void replace() {
    try {
      direct.delete(NAME);
      direct.create(NAME, random(300_000, 7));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void create_serverIgnoresConditions_isSaidOnceAndKeepsTheFirst() throws Exception {
    try (EmbeddedS3 trusting = EmbeddedS3.startWithoutAuthentication();
        FaultyProxy careless = FaultyProxy.before(trusting.endpoint()).withoutConditions();
        S3ObjectStore store =
            new S3ObjectStore(
                S3Location.parse("s3://" + EmbeddedS3.BUCKET + "/careless"),
                EmbeddedS3.connection(
                    careless.endpoint(),
                    EmbeddedS3.keys(EmbeddedS3.KEY_ID, EmbeddedS3.SECRET),
                    EmbeddedS3.QUICK),
                EmbeddedS3.QUICK,
                events::add)) {
      assertThat(store.create(NAME, BLOB)).isTrue();
      assertThat(store.create(NAME, random(10, 5))).isFalse();
      assertThat(digestIn(store)).isEqualTo(BLOB.digest());
    }
    assertThat(events)
        .singleElement()
        .asString()
        .contains("does not honour conditional writes")
        .doesNotContain("\n");
  }

  @Test
  void create_serverLetsTwoWin_isNoticedOnceAStore() throws Exception {
    try (EmbeddedS3 trusting = EmbeddedS3.startWithoutAuthentication();
        FaultyProxy racy =
            FaultyProxy.before(trusting.endpoint())
                .withoutConditions(request -> request.contains("conditional-write-"))) {
      for (int client = 0; client < 2; client++) {
        try (S3ObjectStore store =
            new S3ObjectStore(
                S3Location.parse("s3://" + EmbeddedS3.BUCKET + "/racy"),
                EmbeddedS3.connection(
                    racy.endpoint(),
                    EmbeddedS3.keys(EmbeddedS3.KEY_ID, EmbeddedS3.SECRET),
                    EmbeddedS3.QUICK),
                EmbeddedS3.QUICK,
                events::add)) {
          store.create("cas/" + client, BLOB);
        }
      }
      try (S3ObjectStore again = EmbeddedS3.storeAt("racy", trusting.endpoint())) {
        List<String> left = new ArrayList<>();
        again.list("", entry -> left.add(entry.name()));
        assertThat(left).as("tmp/ is no object's").containsExactly("cas/0", "cas/1");
      }
    }
    assertThat(events).singleElement().asString().contains("does not honour conditional writes");
  }

  @Test
  void create_storeMovedToAServerThatIgnoresConditions_isNoticed() throws Exception {
    try (EmbeddedS3 trusting = EmbeddedS3.startWithoutAuthentication();
        FaultyProxy changing = FaultyProxy.before(trusting.endpoint())) {
      for (int client = 0; client < 3; client++) {
        try (S3ObjectStore store =
            new S3ObjectStore(
                S3Location.parse("s3://" + EmbeddedS3.BUCKET + "/moved"),
                EmbeddedS3.connection(
                    changing.endpoint(),
                    EmbeddedS3.keys(EmbeddedS3.KEY_ID, EmbeddedS3.SECRET),
                    EmbeddedS3.QUICK),
                EmbeddedS3.QUICK,
                events::add)) {
          store.create("cas/" + client, BLOB);
        }
        assertThat(events).hasSize(client == 0 ? 0 : 1);
        changing.withoutConditions();
      }
    }
  }

  @Test
  void create_bucketMissing_writesNothing() throws Exception {
    try (S3ObjectStore mistyped =
        new S3ObjectStore(
            new S3Location("artefacts", ""),
            EmbeddedS3.connection(
                proxy.endpoint(),
                EmbeddedS3.keys(EmbeddedS3.KEY_ID, EmbeddedS3.SECRET),
                EmbeddedS3.QUICK),
            EmbeddedS3.QUICK,
            events::add)) {
      assertThatThrownBy(() -> mistyped.create(NAME, BLOB))
          .hasMessageContaining("there is no bucket artefacts");
    }
    assertThat(proxy.lines()).isNotEmpty().noneMatch(line -> line.startsWith("PUT"));
  }

  private S3ObjectStore over(URI endpoint, S3Settings settings) {
    return new S3ObjectStore(
        S3Location.parse(direct.location()),
        EmbeddedS3.connection(
            endpoint, EmbeddedS3.keys(EmbeddedS3.KEY_ID, EmbeddedS3.SECRET), settings),
        settings,
        events::add);
  }

  private static Digest digestIn(ObjectStore store) throws Exception {
    try (InputStream in = store.open(NAME).orElseThrow()) {
      return Digest.of(in);
    }
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static Blob random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return Blob.of(bytes);
  }

  private interface Throwing {
    void run() throws Exception;
  }
}
