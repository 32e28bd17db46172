package dev.twintail.data;

import dev.twintail.blob.FileFailure;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/** Says in a few words what an exception tells, to follow the name of what failed. */
final class FetchFailures {
  private FetchFailures() {}

  static String words(IOException e) {
    if (e instanceof PinnedBytes.MismatchException || e instanceof DigitDownload.FailedException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof EOFException) {
      return "ends too early";
    }
    if (e instanceof ZipException) {
      return "is no gzip file or a damaged one (" + e.getMessage() + ")";
    }
    return "failed: " + FileFailure.reason(e);
  }
}
