package dev.twintail.store.s3;

import dev.twintail.net.Proxies;
import dev.twintail.store.StoreException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** A client of the SDK, set up for servers of all kinds; the retries are ours. */
final class S3Connection {
  private static final int MAX_CONNECTIONS = 128;
  private static final Pattern URL = Pattern.compile("https?://[^/?#\\s]+([/?#]\\S*)?");

  private final S3Client client;
  private final Optional<URI> override;
  private final HttpSettings network;
  private final S3Options options;

  private S3Connection(
      S3Client client, Optional<URI> override, HttpSettings network, S3Options options) {
    this.client = client;
    this.override = override;
    this.network = network;
    this.options = options;
  }

  /** Connects as the environment and the profile say. */
  static S3Connection byChain(S3Settings settings) throws StoreException {
    try {
      requireSchemes(System.getenv());
      String name = Credentials.profileName(System.getenv());
      Function<String, Optional<String>> profile =
          key -> ProfileFile.defaultProfileFile().profile(name).flatMap(p -> p.property(key));
      HttpSettings network = HttpSettings.ofEnvironment(profile.apply("ca_bundle"));
      Optional<URI> override = overriddenEndpoint();
      S3ClientBuilder builder =
          S3Client.builder()
              .region(region(override))
              .credentialsProvider(Credentials.ofEnvironment());
      if (override.isEmpty()) {
        builder.crossRegionAccessEnabled(true);
      }
      // So that a malformed proxy is told now.
      network.proxies().hop(override.orElse(ServiceFailures.AMAZON));
      return build(builder, override, settings, network, S3Options.of(System.getenv(), profile));
    } catch (Proxies.UnusableProxyException e) {
      throw new StoreException(String.valueOf(e.getMessage()), e);
    } catch (SdkException | IllegalArgumentException e) {
      throw new StoreException(
          "Cannot read the configuration for S3: "
              + "something in it is malformed"
              + "; check the AWS_… variables and ~/.aws/config",
          e);
    }
  }

  /** The SDK says of an endpoint like {@code 127.0.0.1:9000} only that its syntax is wrong. */
  static void requireSchemes(Map<String, String> environment) throws StoreException {
    for (String variable : List.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")) {
      String value = environment.getOrDefault(variable, "").strip();
      if (!value.isEmpty() && !URL.matcher(value).matches()) {
        throw new StoreException(
            "Cannot use "
                + variable
                + " as an endpoint: '"
                + value.replaceAll("//[^/]*@", "//…@").replaceAll("\\p{Cntrl}", "?")
                + "' is no URL of a server; write it like http://127.0.0.1:9000 or"
                + " https://s3.example.org");
      }
    }
  }

  /** Connects without looking at the environment. */
  static S3Connection to(
      URI endpoint,
      AwsCredentialsProvider credentials,
      S3Settings settings,
      HttpSettings network,
      S3Options options) {
    return build(
        S3Client.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(endpoint)
            .credentialsProvider(credentials),
        Optional.of(endpoint),
        settings,
        network,
        options);
  }

  private static S3Connection build(
      S3ClientBuilder builder,
      Optional<URI> override,
      S3Settings settings,
      HttpSettings network,
      S3Options options) {
    builder
        .httpClientBuilder(
            network
                .client()
                .maxConnections(MAX_CONNECTIONS)
                .connectionTimeout(settings.connectTimeout())
                .connectionAcquisitionTimeout(settings.budget())
                .socketTimeout(settings.silence()))
        .overrideConfiguration(
            c -> {
              // A retry that hides behind a conditional write turns success into 412.
              c.retryStrategy(AwsRetryStrategy.doNotRetry());
              // A server that sends a byte now and then is never silent.
              c.apiCallAttemptTimeout(settings.limitFor(0));
              if (options.payer() == S3Options.Payer.REQUESTER) {
                c.putHeader("x-amz-request-payer", "requester");
              }
            })
        // Some servers keep its framing as if it belonged to the object.
        .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        // Everything read is checked against its SHA-256 anyway.
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .forcePathStyle(
            options.addressing() == S3Options.Addressing.PATH
                || (override.isPresent() && options.addressing() == S3Options.Addressing.AUTO));
    return new S3Connection(builder.build(), override, network, options);
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

  /** Returns where requests go, unless to Amazon. */
  Optional<URI> override() {
    return override;
  }

  HttpSettings network() {
    return network;
  }

  S3Options options() {
    return options;
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
