package dev.twintail.archive;

import dev.twintail.blob.Digest;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of one experiment. Its only times are those of the run that gathered the results, so
 * the same run gives the same documents.
 *
 * @param experiment the name
 * @param source the report and the code that it follows
 * @param models in the order of the spec
 * @param specs the files of the spec, the experiment's own first
 * @param sources the files that everything was made of
 * @param lock the list of all actions with their digests, as a lock file
 * @param files what was put out and is kept
 * @param resultsKey SHA-256 of all that the results depend on
 * @param environment what determines the bits of native mathematics, as keys hold it
 */
public record Deposit(
    String experiment,
    String title,
    String source,
    long seed,
    int rounds,
    List<String> models,
    List<DepositedFile> specs,
    List<DepositedSource> sources,
    DepositedFile lock,
    List<DepositedFile> files,
    String resultsKey,
    SortedMap<String, String> environment,
    DepositedRun run) {

  /**
   * A file that is kept.
   *
   * @param name its path in the deposit, with slashes
   */
  public record DepositedFile(String name, Digest digest) {}

  /**
   * A file that is pinned by content and kept elsewhere.
   *
   * @param places from where it can be had, perhaps gzipped; may be empty
   */
  public record DepositedSource(String name, Digest digest, List<URI> places) {
    public DepositedSource {
      places = List.copyOf(places);
    }
  }

  /**
   * The run that gathered the results.
   *
   * @param programVersion of the program that ran
   */
  public record DepositedRun(String id, String programVersion, Instant started, Instant ended) {}

  public Deposit {
    models = List.copyOf(models);
    specs = List.copyOf(specs);
    sources = List.copyOf(sources);
    files = List.copyOf(files);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    if (specs.isEmpty()) {
      throw new IllegalArgumentException("Cannot keep an experiment without its spec");
    }
  }
}
