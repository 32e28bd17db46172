package dev.twintail.spec;

import dev.twintail.spec.Yaml.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where to read on about an experiment.
 *
 * @param addresses on the web by what is there: {@code report}, {@code code}; in this order
 */
public record Links(Map<String, URI> addresses) {
  /** Nowhere. */
  public static final Links NONE = new Links(Map.of());

  public Links {
    addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
  }

  /** Reads the field {@code links} of an experiment. */
  static Links of(Fields root) {
    Map<String, URI> addresses = new LinkedHashMap<>();
    root.section("links", Section.LINKS).ifPresent(links -> read(links, addresses));
    return new Links(addresses);
  }

  private static void read(Fields links, Map<String, URI> addresses) {
    for (String name : Section.LINKS.fields()) {
      Optional<Scalar> text = links.has(name) ? links.textScalar(name) : Optional.empty();
      if (text.isPresent()) {
        address(text.get().text(), Set.of("https"))
            .ifPresentOrElse(
                address -> addresses.put(name, address),
                () ->
                    links.expected(
                        text.get(), name, "an address such as 'https://host/paper.pdf'"));
      }
    }
  }

  /** Returns an address on the web; empty if it has no host, or another scheme. */
  static Optional<URI> address(String text, Set<String> schemes) {
    try {
      URI uri = new URI(text);
      return Optional.of(uri)
          .filter(u -> u.getScheme() != null && schemes.contains(u.getScheme()))
          .filter(u -> u.getHost() != null);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
