package dev.twintail.app;

import dev.twintail.action.ActionKey;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.report.ReportPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A report, as the store has it.
 *
 * @param results what it tells of
 * @param digest of the page
 * @param files by name
 * @param key of the action that makes it
 * @param reused whether it was in the store
 */
public record Report(
    Results results, Digest digest, SortedMap<String, Blob> files, ActionKey key, boolean reused) {
  /** The list of the files, by which a later report knows what it may replace. */
  private static final String LIST = "report.sha256";

  public Report {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  static Report of(Results results, ReportAction action, ReportAction.Made made) {
    return new Report(
        results,
        Objects.requireNonNull(made.files().get(ReportPage.PAGE)).digest(),
        made.files(),
        action.preimage().key(),
        made.reused());
  }

  /**
   * Writes it into a folder. Files of an earlier report are replaced, or removed where this one has
   * none of the name; of anything else in their place nothing is lost unless the folder's files may
   * be replaced: then nothing is written.
   *
   * @param besides more files by name, which are no part of the report
   * @return the page for the browser
   */
  public Path write(OutputFolder folder, Map<String, String> besides) throws IOException {
    SortedMap<String, Blob> all = new TreeMap<>(files);
    besides.forEach((name, text) -> all.put(name, Blob.of(text.getBytes(StandardCharsets.UTF_8))));
    folder.writeSet(all, LIST);
    return folder.resolve(ReportPage.PAGE);
  }
}
