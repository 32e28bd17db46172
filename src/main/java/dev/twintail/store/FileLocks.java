package dev.twintail.store;

import java.io.IOException;
import java.util.List;

/** What a file system answers that has no locks; Java passes the words of the C library on. */
final class FileLocks {
  private static final List<String> WORDS =
      List.of("No locks available", "Function not implemented", "Operation not supported");

  private FileLocks() {}

  /** Returns whether a lock failed because the file system has none. */
  static boolean areMissing(IOException failure) {
    return WORDS.stream().anyMatch(String.valueOf(failure.getMessage())::contains);
  }
}
