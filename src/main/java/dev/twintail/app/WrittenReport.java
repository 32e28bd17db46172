package dev.twintail.app;

import dev.twintail.action.ActionKey;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.report.ReportPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A report in a folder.
 *
 * @param results what it tells of
 * @param page the file for the browser
 * @param digest of the page
 * @param files how many there are
 * @param key of the action that makes it
 * @param reused whether it was in the store
 */
public record WrittenReport(
    Results results, Path page, Digest digest, int files, ActionKey key, boolean reused) {

  static WrittenReport of(Results results, ReportAction action, ReportAction.Made made, Path folder)
      throws IOException {
    for (Map.Entry<String, Blob> file : made.files().entrySet()) {
      WholeFile.replace(folder.resolve(file.getKey()), file.getValue());
    }
    return new WrittenReport(
        results,
        folder.resolve(ReportPage.PAGE),
        Objects.requireNonNull(made.files().get(ReportPage.PAGE)).digest(),
        made.files().size(),
        action.preimage().key(),
        made.reused());
  }
}
