package dev.twintail.store.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStoreContract;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * MinIO in a container. Its official image was withdrawn in 2026, so {@code TWINTAIL_MINIO_IMAGE}
 * names the one to take, by digest if you can.
 */
@DisplayName("S3, MinIO in a container")
class S3MinioContractTest extends ObjectStoreContract {
  private static final String IMAGE = "TWINTAIL_MINIO_IMAGE";
  private static final int PORT = 9000;
  private static final AwsBasicCredentials KEYS =
      AwsBasicCredentials.create("twintail-test", "a-secret-of-tests-only");
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private static GenericContainer<?> server;

  @BeforeAll
  static void start() {
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers");
    assumeTrue(System.getenv(IMAGE) != null, IMAGE + " names no image");
    server =
        new GenericContainer<>(DockerImageName.parse(System.getenv(IMAGE)))
            .withEnv("MINIO_ROOT_USER", KEYS.accessKeyId())
            .withEnv("MINIO_ROOT_PASSWORD", KEYS.secretAccessKey())
            .withCommand("server", "/data")
            .withExposedPorts(PORT)
            .waitingFor(Wait.forHttp("/minio/health/ready").forPort(PORT));
    server.start();
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(StaticCredentialsProvider.create(KEYS))
            .build()) {
      client.createBucket(b -> b.bucket(EmbeddedS3.BUCKET));
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.stop();
    }
  }

  @Override
  protected ObjectStore openEmpty() {
    return new S3ObjectStore(
        S3Location.parse("s3://" + EmbeddedS3.BUCKET + "/" + PREFIXES.getAndIncrement()),
        EmbeddedS3.connection(
            endpoint(), StaticCredentialsProvider.create(KEYS), S3Settings.DEFAULT),
        S3Settings.DEFAULT,
        notice -> {
          throw new AssertionError(notice);
        });
  }

  private static URI endpoint() {
    return URI.create("http://" + server.getHost() + ":" + server.getMappedPort(PORT));
  }
}
