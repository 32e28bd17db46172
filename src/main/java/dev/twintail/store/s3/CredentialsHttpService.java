package dev.twintail.store.s3;

import dev.twintail.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;

/**
 * The HTTP client of the SDK's clients for STS, SSO and logins. The SDK makes these itself, by the
 * class that {@code software.amazon.awssdk.http.service.impl} names; only so do they go by the same
 * proxies and certificates as the store. They are less patient.
 */
public final class CredentialsHttpService implements SdkHttpService {
  /** Lets the SDK use this class. Its clients for S3 name their own. */
  static void install() {
    System.setProperty(
        "software.amazon.awssdk.http.service.impl", CredentialsHttpService.class.getName());
  }

  @Override
  public SdkHttpClient.Builder<?> createHttpClientBuilder() {
    try {
      return HttpSettings.ofEnvironment(Optional.empty())
          .client()
          .connectionTimeout(Duration.ofSeconds(2))
          .socketTimeout(Duration.ofSeconds(5));
    } catch (StoreException e) {
      throw SdkClientException.create(String.valueOf(e.getMessage()), e);
    }
  }
}
