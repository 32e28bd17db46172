package dev.twintail.net;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a request goes through, by the variables that curl and the AWS tools read: {@code
 * HTTPS_PROXY} for https, {@code HTTP_PROXY} for http, {@code ALL_PROXY} for both, in lower case
 * too, and {@code NO_PROXY} for hosts that are asked directly. Where no such variable is set,
 * Java's own settings count ({@code -Dhttps.proxyHost} and its like).
 */
public final class Proxies extends ProxySelector {
  private final Map<String, String> environment;
  private final @Nullable ProxySelector fallback;

  /**
   * One proxy.
   *
   * @param source what names it, for messages
   */
  public record Hop(
      String source, String host, int port, Optional<PasswordAuthentication> credentials) {
    /** Keeps the password out of every text. */
    @Override
    public String toString() {
      return "http://" + host + ":" + port + " (" + source + ")";
    }
  }

  /** A variable names no proxy that can be used. The message is a line for the user. */
  public static final class UnusableProxyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private UnusableProxyException(String message) {
      super(message);
    }
  }

  private Proxies(Map<String, String> environment, @Nullable ProxySelector fallback) {
    this.environment = environment;
    this.fallback = fallback;
  }

  /** Returns the proxies of this process. */
  public static Proxies ofEnvironment() {
    return new Proxies(System.getenv(), ProxySelector.getDefault());
  }

  /** Returns the proxies that these variables name, and none of Java's settings. */
  public static Proxies of(Map<String, String> environment) {
    return new Proxies(environment, null);
  }

  /**
   * Returns the proxy for {@code target}, or empty if it is asked directly.
   *
   * @throws UnusableProxyException if a variable names no HTTP proxy
   */
  public Optional<Hop> hop(URI target) {
    String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
    Optional<String> variable =
        Stream.of(scheme + "_proxy", "all_proxy")
            .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
            .filter(name -> !environment.getOrDefault(name, "").isBlank())
            .findFirst();
    if (variable.isEmpty()) {
      return byJava(target);
    }
    return isExempt(target)
        ? Optional.empty()
        : Optional.of(parse(variable.get(), environment.getOrDefault(variable.get(), "").strip()));
  }

  private static Hop parse(String variable, String value) {
    URI uri;
    try {
      uri = URI.create(value.contains("://") ? value : "http://" + value);
    } catch (IllegalArgumentException e) {
      throw notAProxy(variable);
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw notAProxy(variable);
    }
    return new Hop(
        variable,
        uri.getHost(),
        uri.getPort() < 0 ? 80 : uri.getPort(),
        Optional.ofNullable(uri.getRawUserInfo()).map(Proxies::credentials));
  }

  /** The value may hold a password, so it is not repeated. */
  private static UnusableProxyException notAProxy(String variable) {
    return new UnusableProxyException(
        "Cannot use the proxy that "
            + variable
            + " names: expected http://host:port or http://user:password@host:port");
  }

  private static PasswordAuthentication credentials(String userInfo) {
    String[] parts = userInfo.split(":", 2);
    return new PasswordAuthentication(
        decoded(parts[0]), (parts.length < 2 ? "" : decoded(parts[1])).toCharArray());
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private boolean isExempt(URI target) {
    String list = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
    String host = unbracketed(String.valueOf(target.getHost()).toLowerCase(Locale.ROOT));
    int port =
        target.getPort() < 0 ? (target.getScheme().equals("https") ? 443 : 80) : target.getPort();
    return Stream.of(list.split("[,\\s]+"))
        .map(entry -> entry.toLowerCase(Locale.ROOT))
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> covers(entry, host, port));
  }

  private static boolean covers(String entry, String host, int port) {
    int colon = entry.lastIndexOf(':');
    // An address of IPv6 has colons of its own, and with a port brackets around them.
    boolean hasPort = entry.indexOf(':') == colon || entry.startsWith("]", colon - 1);
    if (colon > 0 && hasPort) {
      return entry.substring(colon + 1).equals(Integer.toString(port))
          && covers(entry.substring(0, colon), host, port);
    }
    String suffix = unbracketed(entry.replaceFirst("^\\*?\\.", ""));
    return entry.equals("*") || host.equals(suffix) || host.endsWith("." + suffix);
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private Optional<Hop> byJava(URI target) {
    if (fallback == null || target.getHost() == null) {
      return Optional.empty();
    }
    return fallback.select(target).stream()
        .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
        .filter(proxy -> proxy.address() instanceof InetSocketAddress)
        .map(proxy -> (InetSocketAddress) proxy.address())
        .map(at -> new Hop("Java's settings", at.getHostString(), at.getPort(), Optional.empty()))
        .findFirst();
  }

  @Override
  public List<Proxy> select(URI target) {
    return hop(target)
        .map(hop -> new Proxy(Proxy.Type.HTTP, new InetSocketAddress(hop.host(), hop.port())))
        .map(List::of)
        .orElse(List.of(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
    // There is no other to try; whoever asked tells.
  }

  /** Returns name and password of a proxy that a variable names. */
  public Optional<PasswordAuthentication> passwordOf(String host, int port) {
    return Stream.of("https", "http")
        .flatMap(scheme -> hop(URI.create(scheme + "://proxied.invalid/")).stream())
        .filter(hop -> hop.host().equalsIgnoreCase(host) && hop.port() == port)
        .flatMap(hop -> hop.credentials().stream())
        .findFirst();
  }

  /** Returns who tells a proxy, and nobody else, the name and password of its variable. */
  public Authenticator authenticator() {
    // Without it the JDK tells no name and password to a proxy for https, and says 407.
    System.getProperties().putIfAbsent("jdk.http.auth.tunneling.disabledSchemes", "");
    return new Authenticator() {
      @Override
      protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        return getRequestorType() == RequestorType.PROXY
            ? passwordOf(getRequestingHost(), getRequestingPort()).orElse(null)
            : null;
      }
    };
  }
}
