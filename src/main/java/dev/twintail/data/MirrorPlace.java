package dev.twintail.data;

import dev.twintail.blob.Blob;
import dev.twintail.net.Proxies;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Optional;

/**
 * A web folder that holds every file as its name with {@code .gz}.
 *
 * @param base URL ending in {@code /}
 * @param proxy by which it is asked
 */
record MirrorPlace(String base, Optional<Proxies.Hop> proxy, DigitDownload download)
    implements Search.SearchPlace {
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
      } catch (DigitDownload.FailedException e) {
        if (e.then() == DigitDownload.Then.OTHER_HOSTS) {
          visit.failed(
              FetchFailures.words(e) + proxy.map(hop -> " by the proxy " + hop).orElse(""));
          return; // Every further file would only wait for the same again.
        }
        visit.failed(remoteName(file) + " " + FetchFailures.words(e));
      } catch (IOException e) {
        visit.failed(remoteName(file) + " " + FetchFailures.words(e));
      }
    }
  }

  private Blob fetch(DigitFile file) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try (InputStream in = download.open(url(file))) {
        return PinnedBytes.read(remoteName(file), in, file.digest());
      } catch (DigitDownload.FailedException e) {
        if (e.then() != DigitDownload.Then.SAME_AGAIN || attempt == ATTEMPTS) {
          throw e;
        }
      } catch (InterruptedIOException e) {
        throw new InterruptedException("Interrupted");
      }
    }
  }

  private URI url(DigitFile file) {
    return URI.create(base + remoteName(file));
  }

  private static String remoteName(DigitFile file) {
    return file.name() + ".gz";
  }
}
