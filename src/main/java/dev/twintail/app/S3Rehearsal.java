package dev.twintail.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.twintail.blob.Blob;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.s3.S3Location;
import dev.twintail.store.s3.S3ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/**
 * One request of each kind to an S3 server in this process, which has one object and forgets what
 * it is sent. It proves nothing of S3: it loads the client's classes, so that they are in the class
 * archive of the launcher and later commands on S3 start sooner.
 */
final class S3Rehearsal {
  private static final String KEY = "object";
  private static final byte[] CONTENT = "a few bytes".getBytes(StandardCharsets.US_ASCII);
  private static final String LISTING =
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>"
          + KEY
          + "</Key><LastModified>2021-01-01T00:00:00.000Z</LastModified><Size>"
          + CONTENT.length
          + "</Size></Contents></ListBucketResult>";

  private S3Rehearsal() {}

  /**
   * Makes the requests. The configuration of the user is not looked at.
   *
   * @throws IOException if this machine has no loopback, for instance
   */
  static void run() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", S3Rehearsal::answer);
    server.start();
    Properties before = (Properties) System.getProperties().clone();
    try {
      settings(server.getAddress().getPort()).forEach(System::setProperty);
      try (ObjectStore objects =
          S3ObjectStore.open(S3Location.parse("s3://rehearsal"), line -> {})) {
        objects.list("", entry -> {});
        objects.stat(KEY);
        try (InputStream in = objects.open(KEY).orElseThrow()) {
          in.readAllBytes();
        }
        objects.create("other", Blob.of(CONTENT));
      }
    } finally {
      System.setProperties(before);
      server.stop(0);
    }
  }

  /** These come before the environment and the files of the user. */
  private static Map<String, String> settings(int port) {
    return Map.of(
        "aws.endpointUrlS3", "http://127.0.0.1:" + port,
        "aws.region", "us-east-1",
        "aws.accessKeyId", "rehearsal",
        "aws.secretAccessKey", "rehearsal");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      exchange.getResponseHeaders().set("Last-Modified", "Fri, 01 Jan 2021 00:00:00 GMT");
      switch (exchange.getRequestMethod()) {
        case "GET" -> {
          String query = exchange.getRequestURI().getQuery();
          boolean listing = query != null && query.contains("list-type");
          byte[] body = listing ? LISTING.getBytes(StandardCharsets.US_ASCII) : CONTENT;
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        }
        case "HEAD" -> {
          exchange.getResponseHeaders().set("Content-Length", Integer.toString(CONTENT.length));
          exchange.sendResponseHeaders(200, -1);
        }
        // So conditional writes are honoured, and the object counts as there.
        default -> exchange.sendResponseHeaders(412, -1);
      }
    }
  }
}
