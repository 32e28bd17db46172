package dev.twintail.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Blob;
import dev.twintail.net.ConnectProxy;
import dev.twintail.net.Proxies;
import dev.twintail.net.ServerTrust;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Certificates, schemes and proxies. What is wrong is told at once, and not tried for minutes. */
class S3NetworkTest {
  private static final AwsCredentialsProvider KEYS =
      EmbeddedS3.keys(EmbeddedS3.KEY_ID, EmbeddedS3.SECRET);

  @TempDir private static Path folder;
  private static EmbeddedS3 server;
  private static TlsFront tls;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedS3.start();
    tls = TlsFront.before(server.endpoint(), folder);
  }

  @AfterAll
  static void stop() throws Exception {
    tls.close();
    server.close();
  }

  @Test
  void tls_unknownCa_isNamedAtOnce() throws Exception {
    int before = tls.connections();
    try (S3ObjectStore store = over("https://127.0.0.1:" + tls.port(), ServerTrust.ofJvm())) {
      assertThatThrownBy(() -> store.stat("x"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the certificate CN=store.test,O=Twintail of CN=store.test")
          .hasMessageContaining("AWS_CA_BUNDLE")
          .hasMessageNotContaining("\n");
    }
    assertThat(tls.connections() - before).isEqualTo(1);
  }

  @Test
  void tls_caOfTheBundle_isTrusted() throws Exception {
    ServerTrust trust = ServerTrust.with(Map.entry("AWS_CA_BUNDLE", tls.certificate()));
    try (S3ObjectStore store = over("https://127.0.0.1:" + tls.port(), trust)) {
      assertThat(store.create("tls", Blob.of(new byte[100_000]))).isTrue();
      assertThat(store.open("tls").orElseThrow().readAllBytes()).hasSize(100_000);
    }
  }

  @Test
  void tls_trustStoreOfTheJvmEmpty_bundleIsTrusted() throws Exception {
    System.setProperty("javax.net.ssl.trustStore", "NONE");
    ServerTrust trust;
    try {
      trust = ServerTrust.with(Map.entry("AWS_CA_BUNDLE", tls.certificate()));
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
    }
    try (S3ObjectStore store = over("https://127.0.0.1:" + tls.port(), trust)) {
      assertThat(store.stat("x")).isEmpty();
    }
  }

  @Test
  void bundle_unreadable_isNamed() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));

    for (Path file : new Path[] {empty, folder.resolve("none.pem")}) {
      assertThatThrownBy(() -> ServerTrust.with(Map.entry("AWS_CA_BUNDLE", file)))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read the certificates that AWS_CA_BUNDLE names: ")
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void https_onAPlainPort_isToldAtOnce() throws Exception {
    String endpoint = "https://127.0.0.1:" + server.endpoint().getPort();
    try (S3ObjectStore store = over(endpoint, ServerTrust.ofJvm())) {
      assertThatThrownBy(() -> store.stat("x"))
          .hasMessageContaining("the server does not speak TLS there, and https:// does")
          .hasMessageContaining("write http:// into AWS_ENDPOINT_URL_S3");
    }
  }

  @Test
  void http_onATlsPort_isToldAtOnce() throws Exception {
    int before = tls.connections();
    try (S3ObjectStore store = over("http://127.0.0.1:" + tls.port(), ServerTrust.ofJvm())) {
      assertThatThrownBy(() -> store.stat("x"))
          .hasMessageContaining("the server speaks TLS there, and http:// does not")
          .hasMessageContaining("write https:// into AWS_ENDPOINT_URL_S3");
    }
    assertThat(tls.connections() - before).as("the request, and the question").isEqualTo(2);
  }

  @Test
  void proxy_refused_isNamed() throws Exception {
    int port;
    try (ServerSocket unused = new ServerSocket(0)) {
      port = unused.getLocalPort();
    }
    HttpSettings network =
        new HttpSettings(
            Proxies.of(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + port)), ServerTrust.ofJvm());
    try (S3ObjectStore store = over("https://store.example", network)) {
      assertThatThrownBy(() -> store.stat("x"))
          .hasMessageContaining("the proxy cannot be reached")
          .hasMessageContaining("by the proxy http://127.0.0.1:" + port + " (HTTPS_PROXY))")
          .hasMessageContaining("NO_PROXY");
    }
  }

  @Test
  void proxy_ofTheOtherScheme_isNotAsked() throws Exception {
    HttpSettings network =
        new HttpSettings(
            Proxies.of(Map.of("HTTP_PROXY", "http://127.0.0.1:1")),
            ServerTrust.with(Map.entry("AWS_CA_BUNDLE", tls.certificate())));
    try (S3ObjectStore store = over("https://127.0.0.1:" + tls.port(), network)) {
      assertThat(store.stat("none")).isEmpty();
    }
  }

  @Test
  void proxy_ofHttps_isAskedForATunnel() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.to(tls.port())) {
      HttpSettings network =
          new HttpSettings(
              Proxies.of(Map.of("HTTPS_PROXY", proxy.variable(), "HTTP_PROXY", "http://[::1]:1")),
              ServerTrust.with(Map.entry("AWS_CA_BUNDLE", tls.certificate())));
      try (S3ObjectStore store = over("https://localhost:8443", network)) {
        assertThat(store.create("tunnelled", Blob.of(new byte[1000]))).isTrue();
      }
      assertThat(proxy.tunnels()).isNotEmpty().containsOnly("localhost:8443");
    }
  }

  @Test
  void proxy_refusesToConnect_isNamed() throws Exception {
    try (FaultyProxy proxy = FaultyProxy.before(server.endpoint())) {
      proxy.follow((request, number) -> FaultyProxy.Fault.FORBIDDEN_403);
      HttpSettings network =
          new HttpSettings(
              Proxies.of(Map.of("HTTPS_PROXY", proxy.endpoint().toString())), ServerTrust.ofJvm());
      try (S3ObjectStore store = over("https://store.example", network)) {
        assertThatThrownBy(() -> store.stat("x"))
            .hasMessageContaining(proxy.endpoint().toString() + " (HTTPS_PROXY)");
      }
      assertThat(proxy.lines()).contains("CONNECT store.example:443");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:9000", "localhost:9000", "ftp://a", "http://", "https:///x"})
  void endpoint_withoutScheme_isNamed(String value) {
    assertThatThrownBy(() -> S3Connection.requireSchemes(Map.of("AWS_ENDPOINT_URL_S3", value)))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot use AWS_ENDPOINT_URL_S3 as an endpoint: '" + value + "'")
        .hasMessageContaining("http://127.0.0.1:9000");
  }

  private static S3ObjectStore over(String endpoint, ServerTrust trust) {
    return over(endpoint, new HttpSettings(Proxies.of(Map.of()), trust));
  }

  private static S3ObjectStore over(String endpoint, HttpSettings network) {
    return new S3ObjectStore(
        S3Location.parse("s3://" + EmbeddedS3.BUCKET),
        S3Connection.to(URI.create(endpoint), KEYS, EmbeddedS3.QUICK, network, S3Options.NONE),
        EmbeddedS3.QUICK,
        notice -> {});
  }
}
