package dev.twintail.store.s3;

import dev.twintail.store.StoreException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** A client of the SDK, set up for servers of all kinds; the retries are ours. */
final class S3Connection {
  private static final int MAX_CONNECTIONS = 128;

  private final S3Client client;
  private final Optional<URI> override;

  /** A pair of keys that a caller holds. */
  record Keys(String id, String secret) {
    /** Keeps the secret out of every text. */
    @Override
    public String toString() {
      return "Keys[" + id + "]";
    }
  }

  private S3Connection(S3Client client, Optional<URI> override) {
    this.client = client;
    this.override = override;
  }

  /** Connects as the SDK's environment says. */
  static S3Connection byChain(S3Settings settings) throws StoreException {
    try {
      Optional<URI> override = overriddenEndpoint();
      S3ClientBuilder builder = S3Client.builder().region(region(override));
      if (override.isEmpty()) {
        builder.crossRegionAccessEnabled(true);
      }
      return build(builder, override, settings);
    } catch (SdkException | IllegalArgumentException e) {
      throw new StoreException(
          "Cannot read the configuration for S3: "
              + e.getClass().getSimpleName()
              + "; check the AWS_… variables and ~/.aws/config",
          e);
    }
  }

  static S3Connection to(URI endpoint, Keys keys, S3Settings settings) {
    return build(
        S3Client.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(endpoint)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(keys.id(), keys.secret()))),
        Optional.of(endpoint),
        settings);
  }

  private static S3Connection build(
      S3ClientBuilder builder, Optional<URI> override, S3Settings settings) {
    builder
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .maxConnections(MAX_CONNECTIONS)
                .connectionTimeout(settings.connectTimeout())
                .connectionAcquisitionTimeout(settings.budget())
                .socketTimeout(settings.silence()))
        // A retry that hides behind a conditional write turns success into 412.
        .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        // Everything read is checked against its SHA-256 anyway.
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (override.isPresent()) {
      builder.forcePathStyle(true);
    }
    return new S3Connection(builder.build(), override);
  }

  /** Asks the SDK, which knows more places for it than one would like to repeat. */
  private static Optional<URI> overriddenEndpoint() {
    try (S3Client asked = S3Client.builder().region(Region.US_EAST_1).build()) {
      return asked.serviceClientConfiguration().endpointOverride();
    }
  }

  private static Region region(Optional<URI> override) {
    AwsRegionProvider chain =
        override.isPresent()
            // A server of one's own has no use for asking the cloud's metadata service.
            ? new AwsRegionProviderChain(
                new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
            : DefaultAwsRegionProviderChain.builder().build();
    @Nullable Region found;
    try {
      found = chain.getRegion();
    } catch (SdkException e) {
      // None is configured. Amazon redirects from this one, and others ignore it.
      found = null;
    }
    return found == null ? Region.US_EAST_1 : found;
  }

  S3Client client() {
    return client;
  }

  /** Returns whether the requests go elsewhere than to Amazon. */
  boolean isOverridden() {
    return override.isPresent();
  }

  /** Returns where requests go, without user information. */
  String endpoint() {
    return override
        .map(
            uri ->
                uri.getScheme()
                    + "://"
                    + uri.getHost()
                    + (uri.getPort() < 0 ? "" : ":" + uri.getPort()))
        .orElseGet(() -> "Amazon S3, " + client.serviceClientConfiguration().region());
  }
}
