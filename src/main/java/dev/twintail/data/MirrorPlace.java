package dev.twintail.data;

import dev.twintail.blob.Blob;
import dev.twintail.net.Proxies;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A web folder that holds every file as its name with {@code .gz}.
 *
 * @param base URL ending in {@code /}
 * @param proxy by which it is asked
 * @param temp where partial downloads lie
 */
record MirrorPlace(String base, Optional<Proxies.Hop> proxy, Download download, Path temp)
    implements Search.Place {
  private static final int ATTEMPTS = 3;

  @Override
  public String label() {
    return base;
  }

  @Override
  public void look(Search.Visit visit) throws InterruptedException {
    for (DigitFile file : visit.missing()) {
      try {
        visit.found(file, fetch(file));
      } catch (Download.FailedException e) {
        if (e.then() == Download.Then.OTHER_HOSTS) {
          visit.failed(Failures.words(e) + proxy.map(hop -> " by the proxy " + hop).orElse(""));
          return; // Every further file would only wait for the same again.
        }
        visit.failed(remoteName(file) + " " + Failures.words(e));
      } catch (IOException e) {
        visit.failed(remoteName(file) + " " + Failures.words(e));
      }
    }
  }

  private Blob fetch(DigitFile file) throws IOException, InterruptedException {
    Path partial = partialFile(file);
    for (int attempt = 1; ; attempt++) {
      boolean resumed = Files.exists(partial);
      try {
        download.fetch(url(file), partial);
        return read(file, partial);
      } catch (PinnedBytes.MismatchException e) {
        // A beginning from an earlier day may be to blame; a whole load is final.
        if (!resumed || attempt == ATTEMPTS) {
          throw e;
        }
      } catch (Download.FailedException e) {
        if (e.then() != Download.Then.SAME_AGAIN || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Reads a whole download, which is over with it, right or wrong. */
  private Blob read(DigitFile file, Path partial) throws IOException {
    try (InputStream in = Files.newInputStream(partial)) {
      return PinnedBytes.read(remoteName(file), in, file.digest());
    } catch (PinnedBytes.MismatchException e) {
      throw e;
    } catch (IOException e) {
      PinnedBytes.MismatchException mismatch = new PinnedBytes.MismatchException(Failures.words(e));
      mismatch.initCause(e);
      throw mismatch;
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** Removes what broken downloads have left. */
  void clean(DigitSource source) throws IOException {
    for (DigitFile file : source.files()) {
      Files.deleteIfExists(partialFile(file));
    }
  }

  private Path partialFile(DigitFile file) {
    return Download.partialFile(temp, url(file));
  }

  private URI url(DigitFile file) {
    return URI.create(base + remoteName(file));
  }

  private static String remoteName(DigitFile file) {
    return file.name() + ".gz";
  }
}
