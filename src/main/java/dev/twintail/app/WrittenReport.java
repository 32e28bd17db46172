package dev.twintail.app;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Outcome;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.report.ReportPage;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

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

  static WrittenReport of(
      Results results, ReportAction action, Outcome outcome, Workspace workspace, Path folder)
      throws IOException {
    Map<String, Digest> files = outcome.manifest().outputs();
    for (Map.Entry<String, Digest> file : files.entrySet()) {
      Blob blob =
          workspace
              .blobs()
              .get(file.getValue())
              .orElseThrow(
                  () ->
                      new NoResultsException(
                          "Cannot find " + file.getKey() + " any more; write the report again"));
      WholeFile.replace(folder.resolve(file.getKey()), blob);
    }
    return new WrittenReport(
        results,
        folder.resolve(ReportPage.PAGE),
        outcome.manifest().output(ReportPage.PAGE),
        files.size(),
        action.preimage().key(),
        outcome.reused());
  }
}
