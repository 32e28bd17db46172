package dev.twintail.spec;

import dev.twintail.spec.Yaml.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
  static Links of(Fields root, Problems problems) {
    Optional<Fields> found = root.section("links", Section.LINKS);
    Map<String, URI> addresses = new LinkedHashMap<>();
    for (String name : Section.LINKS.fields()) {
      Optional<Scalar> text = found.filter(f -> f.has(name)).flatMap(f -> f.textScalar(name));
      if (text.isPresent()) {
        Optional<URI> address = web(text.get().text());
        address.ifPresent(uri -> addresses.put(name, uri));
        if (address.isEmpty()) {
          problems.add(
              text.get().at(),
              "links."
                  + name
                  + ": expected an address such as 'https://host/paper.pdf', found "
                  + text.get().shown());
        }
      }
    }
    return new Links(addresses);
  }

  private static Optional<URI> web(String text) {
    try {
      URI uri = new URI(text);
      return "https".equals(uri.getScheme()) && uri.getHost() != null
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
