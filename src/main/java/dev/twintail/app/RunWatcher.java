package dev.twintail.app;

import dev.twintail.pipeline.RunListener;

/** Hears how a run goes on, downloads included. */
public interface RunWatcher extends RunListener {
  /**
   * Some of a download has come.
   *
   * @param what is downloaded
   * @param bytes that have come
   * @param size bytes in all, or a negative number if nobody knows
   */
  default void download(String what, long bytes, long size) {}
}
