package dev.twintail.store.s3;

import dev.twintail.net.Proxies;
import dev.twintail.net.ServerTrust;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.Credentials;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/**
 * The way to servers: proxies and trusted certificates. The SDK's own proxy settings are not used,
 * since they go by {@code HTTP_PROXY} whatever the scheme.
 */
record HttpSettings(Proxies proxies, ServerTrust trust) {
  /**
   * Returns the way that the environment names.
   *
   * @param profileBundle what a profile names as {@code ca_bundle}, which a variable overrides
   */
  static HttpSettings ofEnvironment(Optional<String> profileBundle) throws StoreException {
    Optional<Map.Entry<String, Path>> bundle =
        ServerTrust.bundleNamedBy("AWS_CA_BUNDLE", "SSL_CERT_FILE")
            .or(() -> profileBundle.map(file -> Map.entry("ca_bundle in ~/.aws", Path.of(file))));
    try {
      return new HttpSettings(
          Proxies.ofEnvironment(),
          bundle.isPresent() ? ServerTrust.with(bundle.get()) : ServerTrust.ofJvm());
    } catch (IOException e) {
      throw new StoreException(String.valueOf(e.getMessage()), e);
    }
  }

  Apache5HttpClient.Builder client() {
    return Apache5HttpClient.builder()
        .proxyConfiguration(
            ProxyConfiguration.builder()
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false)
                .build())
        .httpRoutePlanner(new Route())
        .credentialsProvider(passwords())
        .tlsTrustManagersProvider(trust::managers);
  }

  private final class Route extends DefaultRoutePlanner {
    private Route() {
      super(null);
    }

    @Override
    protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
      return proxies
          .hop(URI.create(target.toURI()))
          .map(hop -> new HttpHost("http", hop.host(), hop.port()))
          .orElse(null);
    }
  }

  private CredentialsProvider passwords() {
    return (AuthScope scope, HttpContext context) -> credentials(scope);
  }

  private @Nullable Credentials credentials(AuthScope scope) {
    Optional<PasswordAuthentication> password =
        proxies.passwordOf(String.valueOf(scope.getHost()), scope.getPort());
    return password
        .map(p -> new UsernamePasswordCredentials(p.getUserName(), p.getPassword()))
        .orElse(null);
  }
}
