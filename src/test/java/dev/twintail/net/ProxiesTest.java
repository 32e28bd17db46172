package dev.twintail.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, https://a.example/, true",
    "https_proxy, https://a.example/, true",
    "ALL_PROXY, https://a.example/, true",
    "HTTP_PROXY, https://a.example/, false",
    "HTTP_PROXY, http://a.example/, true",
    "http_proxy, http://a.example/, true",
    "HTTPS_PROXY, http://a.example/, false",
  })
  void hop_variable_countsForItsScheme(String variable, URI target, boolean proxied) {
    Proxies proxies = Proxies.of(Map.of(variable, "http://proxy.example:3128"));

    assertThat(proxies.hop(target).isPresent()).isEqualTo(proxied);
    if (proxied) {
      assertThat(proxies.hop(target).orElseThrow())
          .hasToString("http://proxy.example:3128 (" + variable + ")");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a.example, true",
    ".example, true",
    "*.example, true",
    "*, true",
    "example, true",
    "'b.example, a.example', true",
    "a.example:8443, true",
    "A.EXAMPLE, true",
    "a.example:443, false",
    "xample, false",
    "b.a.example, false",
    "'', false",
  })
  void hop_noProxy_isAskedDirectly(String list, boolean direct) {
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", "proxy.example:3128", "NO_PROXY", list));

    assertThat(proxies.hop(URI.create("https://a.example:8443/")).isEmpty()).isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource({
    "::1, true",
    "[::1], true",
    "[::1]:9000, true",
    "[::1]:9001, false",
    "::2, false",
    "1, false",
  })
  void hop_noProxyOfIpv6_isAskedDirectly(String list, boolean direct) {
    Proxies proxies = Proxies.of(Map.of("HTTP_PROXY", "proxy.example:3128", "NO_PROXY", list));

    assertThat(proxies.hop(URI.create("http://[::1]:9000/")).isEmpty()).isEqualTo(direct);
  }

  /** HTTP clients ask for the password of a host in lower case. */
  @Test
  void passwordOf_hostInOtherCase_isFound() {
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", "http://me:secret@Proxy.Example:3128"));

    assertThat(proxies.passwordOf("proxy.example", 3128)).isPresent();
  }

  @Test
  void hop_password_isKeptOutOfTexts() {
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", "http://me:se%40cret@proxy.example:3128"));

    Proxies.Hop hop = proxies.hop(URI.create("https://a.example/")).orElseThrow();

    assertThat(hop.toString()).doesNotContain("cret");
    assertThat(hop.credentials().orElseThrow().getUserName()).isEqualTo("me");
    assertThat(hop.credentials().orElseThrow().getPassword()).isEqualTo("se@cret".toCharArray());
    assertThat(proxies.passwordOf("proxy.example", 3128)).isPresent();
    assertThat(proxies.passwordOf("other.example", 3128)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"socks5://proxy:1080", "https://proxy:3128", "'http://a b'", "http://"})
  void hop_unusable_namesTheVariable(String value) {
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", value));

    assertThatThrownBy(() -> proxies.hop(URI.create("https://a.example/")))
        .hasMessageStartingWith("Cannot use the proxy that HTTPS_PROXY names");
  }
}
