package dev.twintail.app;

import dev.twintail.action.ActionKey;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.report.ReportPage;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.CsvFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A report, as the store has it.
 *
 * @param results what it tells of
 * @param asRun what it tells of the authors' protocol; empty if that is not at hand
 * @param digest of the page
 * @param files by name
 * @param key of the action that makes it
 * @param reused whether it was in the store
 */
public record Report(
    Results results,
    Optional<Results> asRun,
    Digest digest,
    SortedMap<String, Blob> files,
    ActionKey key,
    boolean reused) {
  /** The list of the files, by which a later report knows what it may replace. */
  private static final String LIST = "report.sha256";

  public Report {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /**
   * Writes it into a folder, with its tables as Arrow and CSV in {@code data/} and the spec in
   * {@code spec/}, which its links lead to. Files of an earlier report are replaced, or removed
   * where this one has none of the name; of anything else in their place nothing is lost unless the
   * folder's files may be replaced: then nothing is written.
   *
   * @param besides more files by name, which are no part of the report
   * @return the page for the browser
   */
  public Path write(OutputFolder folder, Map<String, byte[]> besides) throws IOException {
    SortedMap<String, Blob> all = new TreeMap<>(files);
    besides.forEach((name, bytes) -> all.put(name, Blob.of(bytes)));
    addTables(results, "data/", all);
    if (asRun.isPresent()) {
      addTables(asRun.get(), "data/as-run/", all);
    }
    results.study().texts().forEach((name, text) -> all.put("spec/" + name, text));
    folder.writeSet(all, LIST);
    return folder.resolve(ReportPage.PAGE);
  }

  private static void addTables(Results of, String folder, Map<String, Blob> all)
      throws IOException {
    for (String name : of.digests().keySet()) {
      Blob arrow = of.file(name);
      all.put(folder + name, arrow);
      all.put(
          folder + name.replace(".arrow", ".csv"),
          Blob.of(CsvFiles.encode(ArrowFiles.decode(arrow.bytes()))));
    }
  }
}
