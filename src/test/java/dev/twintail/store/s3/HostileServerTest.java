package dev.twintail.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.StoreException;
import dev.twintail.upkeep.StoreCopy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that tries to make its client write where it should not. */
class HostileServerTest {
  private static final List<String> NAMES =
      List.of(
          "../evil",
          "../../evil",
          "cas/../../evil",
          "runs/../../evil",
          "runs/./evil",
          "/evil",
          "runs//evil",
          "runs/..",
          "runs/\\..\\..\\evil",
          "runs/C:evil",
          "runs/evil\u0001",
          "runs/%2e%2e/evil",
          "tmp/evil",
          "runs/" + "x".repeat(2000),
          "conflicts/fine");

  @Test
  void copy_hostileNames_areNeverWritten(@TempDir Path folder) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", HostileServerTest::answer);
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (S3ObjectStore hostile = EmbeddedS3.storeAt("", endpoint);
        LocalObjectStore target = LocalObjectStore.open(folder.resolve("a/b/store"))) {
      List<String> listed = new ArrayList<>();
      hostile.list("", entry -> listed.add(entry.name()));
      assertThat(listed).containsExactly("conflicts/fine");
      List<String> foreign = new ArrayList<>();
      hostile.listForeign("runs/", foreign::add);
      assertThat(foreign).contains("runs/./evil", "runs/C:evil", "runs/evil?");

      new StoreCopy(hostile, target, 2, (done, total, bytes) -> {}).copy();
    } finally {
      server.stop(0);
    }

    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .containsExactly(folder.resolve("a/b/store/conflicts/fine"));
    }
  }

  /** A collection would take what is not listed for what no run uses. */
  @Test
  void list_truncatedWithoutAToken_isAnErrorAndNoShorterListing() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange ->
            send(
                exchange,
                "<ListBucketResult><Contents><Key>runs/a.json</Key><LastModified>"
                    + "2026-01-01T00:00:00.000Z</LastModified><Size>4</Size></Contents>"
                    + "<Marker></Marker><IsTruncated>true</IsTruncated></ListBucketResult>"));
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (S3ObjectStore old = EmbeddedS3.storeAt("", endpoint)) {
      assertThatThrownBy(() -> old.list("", entry -> {}))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Cannot list the store: the server gives a part")
          .hasMessageEndingWith("; use a server that knows ListObjectsV2");
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    boolean listing = String.valueOf(exchange.getRequestURI().getQuery()).contains("list-type");
    StringBuilder body = new StringBuilder();
    if (listing) {
      body.append("<?xml version=\"1.1\"?><ListBucketResult>");
      for (String name : NAMES) {
        body.append("<Contents><Key>")
            .append(name.replace("\u0001", "&#1;"))
            .append("</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>")
            .append("<Size>4</Size></Contents>");
      }
      body.append("<IsTruncated>false</IsTruncated></ListBucketResult>");
    } else {
      body.append("evil");
    }
    send(exchange, body.toString());
  }

  private static void send(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
