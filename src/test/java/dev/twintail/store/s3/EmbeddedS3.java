package dev.twintail.store.s3;

import dev.twintail.net.Proxies;
import dev.twintail.net.ServerTrust;
import dev.twintail.store.ObjectStore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** An S3 server in this JVM, on a port of its own. It checks signatures and conditional writes. */
public final class EmbeddedS3 implements AutoCloseable {
  public static final String KEY_ID = "twintail-test";
  public static final String SECRET = "a secret of tests only";
  public static final String BUCKET = "artifacts";

  /** Impatient enough for tests that let everything fail. */
  static final S3Settings QUICK =
      new S3Settings(
          Duration.ofSeconds(20),
          Duration.ofMillis(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10));

  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private final S3Proxy server;

  private EmbeddedS3(S3Proxy server) {
    this.server = server;
  }

  /** Starts a server that keeps its objects in memory. */
  public static EmbeddedS3 start() throws Exception {
    return start("transient-nio2", new Properties(), AuthenticationType.AWS_V2_OR_V4, 0);
  }

  /** Starts a server that believes everybody and keeps its objects in memory. */
  static EmbeddedS3 startWithoutAuthentication() throws Exception {
    return start("transient-nio2", new Properties(), AuthenticationType.NONE, 0);
  }

  /** Starts a server that keeps its objects below a folder. */
  public static EmbeddedS3 start(Path folder, int port) throws Exception {
    Properties properties = new Properties();
    properties.setProperty(
        "jclouds.filesystem.basedir", Files.createDirectories(folder).toRealPath().toString());
    return start("filesystem-nio2", properties, AuthenticationType.AWS_V2_OR_V4, port);
  }

  private static EmbeddedS3 start(
      String backend, Properties properties, AuthenticationType authentication, int port)
      throws Exception {
    properties.setProperty("jclouds.identity", KEY_ID);
    properties.setProperty("jclouds.credential", SECRET);
    BlobStore objects = BlobStores.create(backend, properties);
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(objects)
            .awsAuthentication(authentication, KEY_ID, SECRET)
            .endpoint(URI.create("http://127.0.0.1:" + port))
            // It would hold a signed body in memory; those of tests are larger than its default.
            .v4MaxNonChunkedRequestSize(2L << 30)
            .build();
    server.start();
    if (!objects.containerExists(BUCKET)) {
      objects.createContainer(BUCKET);
    }
    return new EmbeddedS3(server);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** Returns a store below a prefix of its own. */
  public ObjectStore emptyStore() {
    return storeAt("test-" + PREFIXES.getAndIncrement(), endpoint());
  }

  /** Returns the store below {@code prefix}, reached by way of {@code endpoint}. */
  public static S3ObjectStore storeAt(String prefix, URI endpoint) {
    return new S3ObjectStore(
        S3Location.parse("s3://" + BUCKET + (prefix.isEmpty() ? "" : "/" + prefix)),
        connection(endpoint, keys(KEY_ID, SECRET), QUICK),
        QUICK,
        notice -> {
          throw new AssertionError(notice);
        });
  }

  static AwsCredentialsProvider keys(String id, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
  }

  /** Returns a connection that no proxy is on, and no option is set of. */
  static S3Connection connection(
      URI endpoint, AwsCredentialsProvider credentials, S3Settings settings) {
    HttpSettings direct = new HttpSettings(Proxies.of(Map.of()), ServerTrust.ofJvm());
    return S3Connection.to(endpoint, credentials, settings, direct, S3Options.NONE);
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  /** Serves a folder on a port until killed, for trying the program by hand. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    System.out.println(start(folder, Integer.parseInt(arguments[1])).endpoint());
  }
}
